import { findingFrom, isLater, isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { checkEngine } from '../cli/check-engine.ts';
import { openPasswords } from '../credentials/open-passwords.ts';
import { notSettled } from '../not-settled.ts';
import { parseReference, wantedOf } from '../reference/image-reference.ts';
import { openRepository } from '../registry/open-repository.ts';
import type { pushConfig, PushConfig } from './push-config.ts';
import { openSource } from './push-source.ts';

/** Whether the registry answers, and the image is there, unless an earlier step brings it. That it may be pushed is only known when it is. */
export async function verifyPush(config: PlannedConfig<typeof pushConfig>, context: ReadContext): Promise<readonly Finding[]> {
  if (isFullyKnown<typeof pushConfig>(config)) return checkAll(config, context);
  const { source = '', engine } = config;
  const needsEngine = typeof source === 'string' && !source.startsWith('oci:') && !isLater(engine);
  return [notSettled, ...(needsEngine ? await checkEngine({ context, engine }) : [])];
}

async function checkAll(config: PushConfig, context: ReadContext): Promise<readonly Finding[]> {
  try {
    const reference = parseReference(config.image);
    await openRepository(reference, config, context).read(wantedOf(reference));
    return [...(await checkSource(config, context)), ...openPasswords(config, 'image')];
  } catch (error) {
    return [findingFrom(error)];
  }
}

/** What is not there may be built by an earlier step. */
async function checkSource(config: PushConfig, context: ReadContext): Promise<readonly Finding[]> {
  try {
    await openSource(config, context);
    return [];
  } catch (error) {
    const finding = findingFrom(error);
    const isMissing = ['DOCKER_SOURCE_MISSING', 'DOCKER_LAYOUT_UNREADABLE'].includes(finding.code);
    return [isMissing ? { ...finding, level: 'warning' } : finding];
  }
}
