import { isLater, isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { checkEngine } from '../cli/check-engine.ts';
import { notSettled } from '../not-settled.ts';
import type { runConfig } from './run-config.ts';

/** Whether the engine answers, and the port that is to be looked at is published. */
export async function verifyRun(config: PlannedConfig<typeof runConfig>, context: ReadContext): Promise<readonly Finding[]> {
  const { engine } = config;
  return [
    ...checkPort(config),
    ...(isLater(engine) ? [] : await checkEngine({ context, engine })),
    ...(isFullyKnown(config) ? [] : [notSettled]),
  ];
}

function checkPort({ healthy, ports = [] }: PlannedConfig<typeof runConfig>): readonly Finding[] {
  if (healthy === undefined || isLater(healthy) || isLater(ports) || ports.some(isLater)) return [];
  const port = 'http' in healthy ? healthy.port : 'tcp' in healthy ? healthy.tcp : undefined;
  if (port === undefined || isLater(port) || ports.some((one) => !isLater(one) && insideOf(one) === String(port))) return [];
  return [
    {
      level: 'error',
      code: 'DOCKER_PORT_NOT_PUBLISHED',
      at: ['healthy'],
      message: `Port ${port} is looked at and not published.`,
      hint: `Add it to \`ports\`, e.g. 127.0.0.1::${port}.`,
    },
  ];
}

const insideOf = (published: string): string => published.replace(/^.*:/, '').replace(/\/tcp$/, '');
