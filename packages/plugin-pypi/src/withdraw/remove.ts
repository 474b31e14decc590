import { defineStep, Type, type Static } from 'relpipe/plugin';
import { releaseOnIndexFields, removalLoginFields } from '../names/release-fields.ts';

export const removeConfig = Type.Object({ ...releaseOnIndexFields, ...removalLoginFields }, { additionalProperties: false });
export type RemoveConfig = Static<typeof removeConfig>;

const removeOutputs = Type.Object({
  files: Type.Array(Type.String(), { description: 'The deleted files; empty when the version was gone already' }),
});
export type RemoveOutputs = Static<typeof removeOutputs>;

const impl = () => import('./remove.impl.ts');

/** `pypi.remove`: deletes a release through the API of its index. */
export const remove = defineStep({
  summary: 'Removes a version from an index that has an API for it: devpi, pypiserver',
  with: removeConfig,
  outputs: removeOutputs,
  rollback: 'impossible',
  onLost: 'probe',
  // Loaded on first use: reading a pipeline file needs none of it.
  preview: async (config, context) => (await impl()).previewRemove(config, context),
  run: async (config, context) => (await impl()).runRemove(config, context),
  probe: async (config, context) => (await impl()).probeRemove(config, context),
});
