import { join } from 'node:path';
import type { Found, ServerKind } from '../component.ts';
import { askSocket } from '../run/ask-socket.ts';

const usualSocket = '/var/run/docker.sock';

/** The engine of the machine, if one answers; otherwise one of its own, with all it makes below its folder. `url` is for DOCKER_HOST. */
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
      answers: async () => (await askSocket(socket, '/_ping')) === 'OK',
    };
  },
};

async function findEngine(): Promise<Found | undefined> {
  try {
    const { Version } = JSON.parse(await askSocket(usualSocket, '/version')) as { Version: string };
    return { url: `unix://${usualSocket}`, version: Version };
  } catch {
    return undefined;
  }
}
