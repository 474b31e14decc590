import { contractNumber, type Plugin } from '../contract/plugin.ts';
import { commandGroup } from './command-group.ts';
import { commandMetric } from './command-metric.ts';
import { httpCheckMetric, httpCheckStep } from './http-check.ts';
import { runStep } from './run.ts';

/** What every pipeline has without naming a plugin. */
export const builtInPlugins: readonly Plugin[] = [
  { name: 'relpipe', contract: contractNumber, steps: { run: runStep }, metrics: { command: commandMetric }, groups: { members: commandGroup } },
  { name: 'http', contract: contractNumber, steps: { check: httpCheckStep }, metrics: { check: httpCheckMetric } },
];
