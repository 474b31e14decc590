import { Type } from 'relpipe/plugin';
import { releaseOnIndexFields } from '../release-on-index.ts';

export const howToWithdrawConfig = Type.Object(
  { ...releaseOnIndexFields, reason: Type.String({ minLength: 1, description: 'Why; shown to whoever asks for this version' }) },
  { additionalProperties: false },
);

export const howToWithdrawOutputs = Type.Object({
  'by-api': Type.Boolean({ description: 'The index has an API that removes it' }),
  'by-person': Type.Boolean({ description: 'A person has to do it' }),
  ask: Type.String({ description: 'What that person is asked to do; empty when nobody has to' }),
  page: Type.String({ description: 'Where' }),
});
