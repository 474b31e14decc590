import type { Finding } from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import { docker, type Cli } from './docker/docker.ts';
import { isLoopback, parseReference } from './image/reference.ts';
import type { Logins } from './schemas.ts';

/** Reported by `verify` for a step whose configuration depends on earlier steps. */
export const notChecked: Finding = {
  level: 'warning',
  code: 'DOCKER_NOT_CHECKED',
  message: 'A value of this step is known only when the run reaches it, so not everything was checked.',
};

/** No findings when the engine answers. */
export async function checkEngine(cli: Cli): Promise<readonly Finding[]> {
  try {
    await docker(['version', '--format', '{{.Server.Version}}'], cli);
    return [];
  } catch (error) {
    return [findingFrom(error)];
  }
}

/** Warns of passwords that would be sent unencrypted to a registry on another machine. `names`: the keys that hold image references. */
export function checkPasswords<K extends string>(
  config: Readonly<Partial<Record<K, unknown>>> & { readonly logins?: Logins },
  ...names: readonly K[]
): readonly Finding[] {
  return names.flatMap((name) => {
    const { registry, host } = parseReference(String(config[name]));
    if (registry.startsWith('https:') || config.logins?.[host] === undefined || isLoopback(host)) return [];
    const message = `The password would be sent to ${registry} unencrypted.`;
    return [{ level: 'warning', code: 'DOCKER_PASSWORD_UNENCRYPTED', at: [name], message, hint: 'Use https.' }];
  });
}
