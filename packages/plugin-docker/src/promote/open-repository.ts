import type { ReadContext } from 'relpipe/plugin';
import { Repository } from '../registry/repository.ts';
import type { PromoteConfig } from './promote-config.ts';

export function openRepository(config: Omit<PromoteConfig, 'from' | 'to'>, context: ReadContext): Repository {
  const { registry, repository, username, password } = config;
  const credentials = username !== undefined && password !== undefined ? { username, password } : undefined;
  return new Repository(registry, repository, credentials, context);
}
