import { resolve } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { checkSettings } from '../router/settings/build-settings.ts';
import type { RouterFlags } from '../router/settings/router-flags.ts';
import type { RouterSettings } from '../router/settings/router-settings.ts';
import type { EnsureConfig } from './ensure-config.ts';

/** The router that a step asks for: checked, and as it is told when it is started. */
export interface AskedRouter {
  readonly settings: RouterSettings;
  readonly flags: RouterFlags;
}

/** @throws {StepError} `TRAFFIC_ROUTER_WEIGHTS_MISSING`, `TRAFFIC_ROUTER_USAGE` with all that is wrong */
export function askedRouter(config: EnsureConfig, { workdir }: Pick<ReadContext, 'workdir'>): AskedRouter {
  const { listen, sides, health } = config;
  const flags: RouterFlags = {
    state: stateFileOf(config, workdir),
    sides,
    weights: config.weights ?? allForStable(sides),
    listen,
    ...(health?.path !== undefined && { 'health-path': health.path }),
    ...(health?.interval !== undefined && { 'health-every': `${health.interval}ms` }),
  };
  const { settings, findings } = checkSettings({ ...flags });
  if (findings.length > 0) throw settingsWrong(findings);
  return { settings, flags };
}

export const stateFileOf = ({ state }: { readonly state?: string }, workdir: string) => resolve(workdir, state ?? '.relpipe/router.json');

/** By its name, not the first one: which side that is must not hang on the order in which somebody writes a mapping. */
function allForStable(sides: EnsureConfig['sides']): Readonly<Record<string, number>> {
  const names = Object.keys(sides);
  if (names.length > 1 && !names.includes('stable')) throw weightsMissing(names);
  return Object.fromEntries(names.map((name) => [name, name === 'stable' || names.length === 1 ? 100 : 0]));
}

const weightsMissing = (names: readonly string[]) =>
  new StepError('TRAFFIC_ROUTER_WEIGHTS_MISSING', `It is not said which of ${names.join(', ')} gets the traffic when the router starts for the first time.`, {
    hint: `Give weights, e.g. \`weights: { ${names.map((name, i) => `${name}: ${i === 0 ? 100 : 0}%`).join(', ')} }\`, or call the side that serves now stable.`,
  });

const settingsWrong = (findings: readonly string[]) =>
  new StepError('TRAFFIC_ROUTER_USAGE', `The router cannot be started so: ${findings.join('; ')}.`, { hint: 'Correct this in `with` of the step.' });
