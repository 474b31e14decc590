import { defineStep, secret, Type } from 'relpipe/plugin';
import { releaseOnIndexFields } from '../release-on-index.ts';

export const removeConfig = Type.Object(
  {
    ...releaseOnIndexFields,
    username: Type.Optional(Type.String({ minLength: 1, description: 'Default: what twine is configured with, else `__token__`' })),
    token: Type.Optional(secret('API token, or the password of `username`')),
  },
  { additionalProperties: false },
);

export const removeOutputs = Type.Object({
  files: Type.Array(Type.String(), { description: 'What was removed; empty when it was gone already' }),
});

/** `pypi.remove`: deletes a release through the API of its index. */
export const remove = defineStep({
  summary: 'Removes a version from an index that has an API for it: devpi, pypiserver',
  with: removeConfig,
  outputs: removeOutputs,
  undo: 'impossible',
  onLost: 'probe',
  // Loaded when it is used: reading a pipeline file needs none of it.
  preview: async (config, context) => (await import('./preview-remove.ts')).previewRemove(config, context),
  run: async (config, context) => (await import('./run-remove.ts')).runRemove(config, context),
  probe: async (config, context) => (await import('./probe-remove.ts')).probeRemove(config, context),
});
