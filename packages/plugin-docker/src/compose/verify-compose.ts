import { findingFrom, isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { checkEngine } from '../cli/check-engine.ts';
import { notSettled } from '../not-settled.ts';
import type { composeConfig } from './compose-config.ts';
import { openCompose } from './open-compose.ts';
import { knownServices } from './wanted-services.ts';

/** Whether compose is there, its file is right, the services are in it, and the engine answers. */
export async function verifyCompose(config: PlannedConfig<typeof composeConfig>, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof composeConfig>(config)) return [notSettled];
  try {
    const compose = await openCompose(config, context, {});
    const known = await knownServices(compose);
    const unknown = [...(config.services ?? []), ...(config.completes ?? [])].filter((service) => !known.includes(service));
    return [...unknown.map((service) => unknownService(service, known)), ...(await checkEngine(compose.cli))];
  } catch (error) {
    return [findingFrom(error)];
  }
}

const unknownService = (service: string, known: readonly string[]): Finding => ({
  level: 'error',
  code: 'DOCKER_SERVICE_UNKNOWN',
  at: ['services'],
  message: `The compose file has no service ${service}.`,
  hint: `It has: ${known.join(', ')}.`,
});
