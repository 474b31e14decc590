import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerKind } from '../component.ts';
import { answersOk } from '../run/answers-ok.ts';

/**
 * Scrapes itself and whatever `targets/*.json` names, alerts by `rules/*.yml` to whatever `alertmanagers/*.json` names, all every
 * second. Targets are taken over as the files change, rules at `POST /-/reload`.
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
