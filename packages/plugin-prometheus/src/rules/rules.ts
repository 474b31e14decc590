import { defineStep } from 'relpipe/plugin';
import { loadedRules, rulesChange, rulesConfig } from './rules-config.ts';

/** `prometheus.rules`: alert rules for the time of a release, or for good. */
export const rules = defineStep({
  summary: 'Writes alert rules, and sees that the server has loaded them',
  with: rulesConfig,
  outputs: loadedRules,
  state: rulesChange,
  // The same file once more is the same file.
  onLost: 'retry',
  // Loaded when it is used: reading a pipeline file needs none of it.
  verify: async (config, context) => (await import('./verify-rules.ts')).verifyRules(config, context),
  preview: async (config) => (await import('./preview-rules.ts')).previewRules(config),
  run: async (config, context) => (await import('./run-rules.ts')).runRules(config, context),
  rollback: { run: async (config, context) => (await import('./put-rules-back.ts')).putRulesBack(config, context) },
  teardown: {
    scope: 'run',
    async run(config, context) {
      if (config.keep !== true) await (await import('./put-rules-back.ts')).putRulesBack(config, context);
    },
  },
});
