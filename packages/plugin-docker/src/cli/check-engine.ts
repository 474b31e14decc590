import { findingFrom, type Finding } from 'relpipe/plugin';
import { docker, type Cli } from './docker.ts';

/** Whether the engine answers. */
export async function checkEngine(cli: Cli): Promise<readonly Finding[]> {
  try {
    await docker(['version', '--format', '{{.Server.Version}}'], cli);
    return [];
  } catch (error) {
    return [findingFrom(error)];
  }
}
