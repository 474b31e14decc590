import type { Finding } from 'relpipe/plugin';
import { isLoopback, parseReference } from '../reference/image-reference.ts';
import type { Logins } from './logins.ts';

/** Warns of passwords that would go unencrypted to a registry that is not on this machine. */
export function openPasswords<K extends string>(
  config: Readonly<Partial<Record<K, unknown>>> & { readonly logins?: Logins },
  ...names: readonly K[]
): readonly Finding[] {
  return names.flatMap((name) => {
    const { registry, host } = parseReference(String(config[name]));
    if (registry.startsWith('https:') || config.logins?.[host] === undefined || isLoopback(host)) return [];
    const message = `The password goes to ${registry} unencrypted.`;
    return [{ level: 'warning', code: 'DOCKER_PASSWORD_OPEN', at: [name], message, hint: 'Use https.' }];
  });
}
