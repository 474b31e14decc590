import { defineStep, quantity, Type } from 'relpipe/plugin';
import { releaseOnIndexFields } from '../release-on-index.ts';

export const withdrawnConfig = Type.Object(
  {
    ...releaseOnIndexFields,
    timeout: Type.Optional(quantity('duration', 'How long to wait for it; default 10m')),
    poll: Type.Optional(quantity('duration', 'First pause between two looks, doubled up to 30s; default 2s')),
  },
  { additionalProperties: false },
);

export const withdrawnOutputs = Type.Object({
  found: Type.Union([Type.Literal('gone'), Type.Literal('yanked')], { description: 'How the index shows it' }),
  reason: Type.String({ description: 'What the index says why; empty when it says nothing' }),
});

/** `pypi.withdrawn`: waits until the index shows that a release was withdrawn. */
export const withdrawn = defineStep({
  summary: 'Waits until a version is gone from the index, or all of its files are yanked',
  with: withdrawnConfig,
  outputs: withdrawnOutputs,
  undo: 'nothing',
  onLost: 'retry',
  // Loaded when it is used: reading a pipeline file needs none of it.
  run: async (config, context) => (await import('./run-withdrawn.ts')).runWithdrawn(config, context),
});
