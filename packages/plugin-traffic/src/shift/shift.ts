import { defineStep } from 'relpipe/plugin';
import { shiftConfig, shiftOutputs, shiftState } from './shift-config.ts';

/** `traffic.shift`: the functions are loaded when they are used, because reading a pipeline file needs none of them. */
export const shift = defineStep({
  summary: 'Gives the candidate a share of the traffic, and looks whether it really gets it',
  with: shiftConfig,
  outputs: shiftOutputs,
  state: shiftState,
  verify: async (config, context) => (await import('./verify-shift.ts')).verifyShift(config, context),
  preview: async (config, context) => (await import('./preview-shift.ts')).previewShift(config, context),
  run: async (config, context) => (await import('./run-shift.ts')).runShift(config, context),
  onLost: 'probe',
  probe: async (config, context) => (await import('./probe-shift.ts')).probeShift(config, context),
  rollback: { run: async (config, context) => (await import('./rollback-shift.ts')).rollbackShift(config, context) },
});
