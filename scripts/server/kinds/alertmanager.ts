import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerKind } from '../component.ts';
import { answersOk } from '../run/answers-ok.ts';

/** Alone, without a cluster port, and with a receiver that tells nobody. */
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
