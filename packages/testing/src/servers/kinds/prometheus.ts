import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerKind } from '../component.ts';
import { answersOk } from '../ready.ts';

/**
 * Scrapes itself and the targets in `targets/*.json`, and sends the alerts of `rules/*.yml` to `alertmanagers/*.json`, all every second.
 * It reads changed targets at once, and changed rules after `POST /-/reload`.
 */
export const prometheus: ServerKind = {
  ports: ['http'],
  prepare({ folder, port }) {
    for (const name of ['targets', 'rules', 'alertmanagers']) mkdirSync(join(folder, name));
    const host = `127.0.0.1:${port('http')}`;
    const config = join(folder, 'prometheus.yml');
    writeFileSync(config, configuration(host));
    return {
      arguments: [
        `--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'tsdb')}`,
        `--web.listen-address=${host}`, '--web.enable-lifecycle',
      ],
      url: `http://${host}`,
      settings: { config, rules: join(folder, 'rules'), targets: join(folder, 'targets'), alertmanagers: join(folder, 'alertmanagers') },
      answers: () => answersOk(`http://${host}/-/ready`),
    };
  },
};

const configuration = (host: string): string => `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: ['rules/*.yml']
alerting:
  alertmanagers:
    - file_sd_configs: [{ files: ['alertmanagers/*.json'] }]
scrape_configs:
  - job_name: prometheus
    static_configs: [{ targets: ['${host}'] }]
  - job_name: targets
    honor_labels: true
    file_sd_configs: [{ files: ['targets/*.json'] }]
`;

/** Alone, without a cluster port, and with a receiver that notifies nobody. */
export const alertmanager: ServerKind = {
  ports: ['http'],
  prepare({ folder, port }) {
    const config = join(folder, 'alertmanager.yml');
    writeFileSync(config, 'route: { receiver: nobody, group_wait: 0s }\nreceivers: [{ name: nobody }]\n');
    const host = `127.0.0.1:${port('http')}`;
    return {
      arguments: [
        `--config.file=${config}`, `--storage.path=${join(folder, 'storage')}`,
        `--web.listen-address=${host}`, '--cluster.listen-address=',
      ],
      url: `http://${host}`,
      settings: { host, config },
      answers: () => answersOk(`http://${host}/-/ready`),
    };
  },
};

export const pushgateway: ServerKind = {
  ports: ['http'],
  prepare({ port }) {
    const host = `127.0.0.1:${port('http')}`;
    return {
      arguments: [`--web.listen-address=${host}`, '--web.enable-admin-api'],
      url: `http://${host}`,
      settings: { host },
      answers: () => answersOk(`http://${host}/-/ready`),
    };
  },
};
