import { quantity, Type, type Static } from 'relpipe/plugin';

/** `with` of `pypi.wait`. */
export const waitConfig = Type.Object(
  {
    project: Type.String({ pattern: '^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$', description: 'Name on the index' }),
    version: Type.String({ minLength: 1, description: 'In any spelling of PEP 440' }),
    index: Type.Optional(
      Type.String({
        description: 'Simple API; default: PIP_INDEX_URL of the environment, else https://pypi.org/simple',
      }),
    ),
    files: Type.Optional(
      Type.Record(Type.String(), Type.String({ pattern: '^[0-9a-fA-F]{64}$' }), {
        description: 'Files that have to be there, each with its sha256; default: at least one file of the version',
      }),
    ),
    timeout: Type.Optional(quantity('duration', 'How long to wait; default 10m')),
    poll: Type.Optional(quantity('duration', 'First pause between two looks, doubled up to 30s; default 2s')),
  },
  { additionalProperties: false },
);
export type WaitConfig = Static<typeof waitConfig>;

export const waitOutputs = Type.Object({
  files: Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()]), {
    description: 'The files of the version with their sha256; null where the index gives none',
  }),
  waited: quantity('duration', 'How long it took until all of them were visible'),
});
export type WaitOutputs = Static<typeof waitOutputs>;
