import { defineStep } from 'relpipe/plugin';
import { silenceConfig, silenced, silenceMark } from './silence-config.ts';

/** `prometheus.silence`: nobody is told of some alerts for a while. They fire all the same. */
export const silence = defineStep({
  summary: 'Silences alerts in Alertmanager, with author, reason and end',
  with: silenceConfig,
  outputs: silenced,
  state: silenceMark,
  onLost: 'probe',
  // Loaded when it is used: reading a pipeline file needs none of it.
  verify: async (config, context) => (await import('./verify-silence.ts')).verifySilence(config, context),
  preview: async (config) => (await import('./preview-silence.ts')).previewSilence(config),
  probe: async (config, context) => (await import('./probe-silence.ts')).probeSilence(config, context),
  run: async (config, context) => (await import('./run-silence.ts')).runSilence(config, context),
  rollback: { run: async (config, context) => (await import('./expire-silence.ts')).expireSilence(config, context) },
  teardown: {
    scope: 'run',
    async run(config, context) {
      if (config.keep !== true) await (await import('./expire-silence.ts')).expireSilence(config, context);
    },
  },
});
