import { docker, tryDocker, type Cli } from '../cli/docker.ts';
import { idLabel } from '../container/own-label.ts';

/** An image with nothing in it: a container of it is never started, only its volume is read and written through it. */
const emptyImage = 'relpipe-empty:1';

/**
 * Gives the ID of a container that has the volume at `/volume` and never runs; it is removed at the end. Needs no image of anybody, so it works on an engine that
 * can pull nothing.
 */
export async function withVolume<T>(volume: string, access: 'read' | 'write', key: string, cli: Cli, act: (container: string) => Promise<T>): Promise<T> {
  if ((await tryDocker(['image', 'inspect', emptyImage], cli)).code !== 0) await docker(['import', '-', emptyImage], cli, { stdin: emptyTar });
  const mount = `type=volume,source=${volume},target=/volume${access === 'read' ? ',readonly' : ''}`;
  const container = await docker(['container', 'create', '--label', `${idLabel}=${key}`, '--network', 'none', '--mount', mount, emptyImage, 'never-runs'], cli);
  try {
    return await act(container);
  } finally {
    await tryDocker(['container', 'rm', '--force', container], cli);
  }
}

const emptyTar = '\0'.repeat(1024);
