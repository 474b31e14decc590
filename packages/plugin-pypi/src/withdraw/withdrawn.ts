import { defineStep, quantity, Type, type Static } from 'relpipe/plugin';
import { pollField, releaseOnIndexFields } from '../names/release-fields.ts';

const withdrawnConfig = Type.Object(
  {
    ...releaseOnIndexFields,
    timeout: Type.Optional(quantity('duration', 'How long to wait; default 10m')),
    poll: Type.Optional(pollField),
  },
  { additionalProperties: false },
);
export type WithdrawnConfig = Static<typeof withdrawnConfig>;

export const withdrawnOutputs = Type.Object({
  found: Type.Union([Type.Literal('gone'), Type.Literal('yanked')], { description: 'Whether the version is gone or yanked' }),
  reason: Type.String({ description: 'The reason that the index shows; empty when it shows none' }),
});
export type WithdrawnOutputs = Static<typeof withdrawnOutputs>;

/** `pypi.withdrawn`: waits until the index shows that a release was withdrawn. */
export const withdrawn = defineStep({
  summary: 'Waits until a version is gone from the index, or all of its files are yanked',
  with: withdrawnConfig,
  outputs: withdrawnOutputs,
  rollback: 'nothing',
  onLost: 'retry',
  // Loaded on first use: reading a pipeline file needs none of it.
  run: async (config, context) => (await import('./withdrawn.impl.ts')).runWithdrawn(config, context),
});
