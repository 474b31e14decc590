import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerKind } from '../component.ts';
import { answersOk } from '../run/answers-ok.ts';

export const dockerRegistry: ServerKind = {
  ports: ['http'],
  prepare({ folder, port }) {
    const config = join(folder, 'config.yml');
    const host = `127.0.0.1:${port('http')}`;
    writeFileSync(config, configuration(join(folder, 'storage'), host));
    return {
      arguments: ['serve', config],
      url: `http://${host}`,
      settings: { host },
      answers: () => answersOk(`http://${host}/v2/`),
    };
  },
};

const configuration = (storage: string, host: string): string => `version: 0.1
log: { level: warn }
storage:
  filesystem: { rootdirectory: ${JSON.stringify(storage)} }
  delete: { enabled: true }
http: { addr: ${JSON.stringify(host)} }
`;
