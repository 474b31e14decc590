import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Found, ServerKind } from '../component.ts';
import { answersOk, getFromSocket } from '../ready.ts';

const usualSocket = '/var/run/docker.sock';

/** The engine of the machine when one answers, else one that keeps everything below its folder. `url` is for DOCKER_HOST. */
export const dockerEngine: ServerKind = {
  ports: [],
  needsRoot: true,
  findRunning: findEngine,
  prepare({ folder }) {
    const socket = join(folder, 'docker.sock');
    return {
      arguments: [
        '--host', `unix://${socket}`, '--pidfile', join(folder, 'docker.pid'),
        '--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'),
      ],
      url: `unix://${socket}`,
      settings: { socket },
      answers: async () => (await getFromSocket(socket, '/_ping')) === 'OK',
    };
  },
};

async function findEngine(): Promise<Found | undefined> {
  try {
    const { Version } = JSON.parse(await getFromSocket(usualSocket, '/version')) as { Version: string };
    return { url: `unix://${usualSocket}`, version: Version };
  } catch {
    return undefined;
  }
}

export const dockerRegistry: ServerKind = {
  ports: ['http'],
  prepare({ folder, port }) {
    const config = join(folder, 'config.yml');
    const host = `127.0.0.1:${port('http')}`;
    writeFileSync(config, registryConfiguration(join(folder, 'storage'), host));
    return {
      arguments: ['serve', config],
      url: `http://${host}`,
      settings: { host },
      answers: () => answersOk(`http://${host}/v2/`),
    };
  },
};

const registryConfiguration = (storage: string, host: string): string => `version: 0.1
log: { level: warn }
storage:
  filesystem: { rootdirectory: ${JSON.stringify(storage)} }
  delete: { enabled: true }
http: { addr: ${JSON.stringify(host)} }
`;
