import { quantity, Type } from 'relpipe/plugin';
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
