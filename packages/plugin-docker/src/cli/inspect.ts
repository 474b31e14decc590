import { parseJson, Type, type Static, type TSchema } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { commandFailed } from './command-failed.ts';
import { tryDocker, type Cli } from './docker.ts';

/** What `docker KIND inspect` says of those that there are. @throws {StepError} see `commandFailed` */
export async function inspect<S extends TSchema>(kind: 'container' | 'image' | 'volume', names: readonly string[], schema: S, cli: Cli): Promise<readonly Static<S>[]> {
  const args = [kind, 'inspect', ...names];
  const result = await tryDocker(args, cli);
  // One that is not there makes the command fail; the others are told all the same.
  const isMissing = result.code !== 0 && result.stderr.toLowerCase().includes(`no such ${kind}`);
  const found = parseJson(result.stdout) ?? (isMissing ? [] : undefined);
  if ((result.code !== 0 && !isMissing) || !Value.Check(Type.Array(schema), found)) throw commandFailed(['docker', ...args], result);
  return found;
}
