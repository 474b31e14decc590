import { docker, tryDocker, type Cli } from '../cli/docker.ts';
import { idLabel } from '../container/own-label.ts';

/** Removes the containers by which an attempt of this step that died read or filled volumes: they would keep them from being made again. */
export async function removeHelpers(key: string, cli: Cli): Promise<void> {
  const ids = (await docker(['container', 'ls', '--all', '--quiet', '--filter', `label=${idLabel}=${key}`], cli)).split('\n').filter((id) => id !== '');
  if (ids.length > 0) await tryDocker(['container', 'rm', '--force', ...ids], cli);
}
