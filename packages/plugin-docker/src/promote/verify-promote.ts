import { findingFrom, isSettled, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { openRepository } from './open-repository.ts';
import { promoteConfig, type PromoteConfig } from './promote-config.ts';
import { sourceMissing } from './run-promote.ts';

/** Whether the image is there. That it may be pushed is only known when it is. */
export async function verifyPromote(
  config: PlannedConfig<typeof promoteConfig>,
  context: ReadContext,
): Promise<readonly Finding[]> {
  if (!isSettled<typeof promoteConfig>(config)) return [notSettled];
  try {
    const found = await openRepository(config, context).read(config.from);
    const missing = found ? [] : [{ ...findingFrom(sourceMissing(config, config.from)), at: ['from'] }];
    return [...missing, ...openPassword(config)];
  } catch (error) {
    return [findingFrom(error)];
  }
}

const notSettled: Finding = {
  level: 'warning',
  code: 'DOCKER_NOT_CHECKED',
  message: 'What to promote is only known when the run gets here.',
};

function openPassword({ registry, password }: PromoteConfig): readonly Finding[] {
  const { protocol, hostname } = new URL(registry);
  if (password === undefined || protocol === 'https:' || /^(localhost|127\..*|\[::1\])$/.test(hostname)) return [];
  const message = `The password goes to ${registry} unencrypted.`;
  return [{ level: 'warning', code: 'DOCKER_PASSWORD_OPEN', at: ['registry'], message, hint: 'Use https.' }];
}
