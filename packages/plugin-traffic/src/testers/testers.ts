import { defineStep } from 'relpipe/plugin';
import { noTestersConfig, testersConfig, testersOutputs, testersState } from './testers-config.ts';

/** `traffic.testers`: the functions are loaded when they are used, because reading a pipeline file needs none of them. */
export const testers = defineStep({
  summary: 'Sends testers to the candidate, by a header field or a cookie, whatever its share is',
  with: testersConfig,
  outputs: testersOutputs,
  state: testersState,
  verify: async (config, context) => (await import('./verify-testers.ts')).verifyTesters(config, context),
  run: async (config, context) => (await import('./run-testers.ts')).runTesters(config, context),
  onLost: 'retry',
  rollback: { run: async (config, context) => (await import('./rollback-testers.ts')).rollbackTesters(config, context) },
});

/** `traffic.no-testers`: testers get what everybody gets. */
export const noTesters = defineStep({
  summary: 'Sends testers where everybody is sent',
  with: noTestersConfig,
  outputs: testersOutputs,
  verify: async (config, context) => (await import('./verify-testers.ts')).verifyTesters(config, context),
  run: async (config, context) => (await import('./run-no-testers.ts')).runNoTesters(config, context),
  onLost: 'retry',
  rollback: 'nothing',
});
