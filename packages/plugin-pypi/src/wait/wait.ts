import { defineStep, quantity, Type, type Static } from 'relpipe/plugin';
import { filesField, indexField, listedFilesField, pollField, projectField, versionField } from '../names/release-fields.ts';

export const waitConfig = Type.Object(
  {
    project: projectField,
    version: versionField,
    index: Type.Optional(indexField),
    files: Type.Optional(filesField('Files that have to be listed, each with its sha256; default: at least one file of the version')),
    'requires-python': Type.Optional(
      Type.String({ minLength: 1, description: 'The Python versions that every file has to require, e.g. `>=3.9`' }),
    ),
    timeout: Type.Optional(quantity('duration', 'How long to wait; default 10m')),
    poll: Type.Optional(pollField),
  },
  { additionalProperties: false },
);
export type WaitConfig = Static<typeof waitConfig>;

const waitOutputs = Type.Object({
  files: listedFilesField,
  waited: quantity('duration', 'How long it took until all of them were visible'),
});
export type WaitOutputs = Static<typeof waitOutputs>;

const impl = () => import('./wait.impl.ts');

/** `pypi.wait`: waits until a version is visible on a package index, with the right bytes and not yanked. */
export const wait = defineStep({
  summary: 'Waits until a version is visible on a package index, with the expected files and hashes',
  with: waitConfig,
  outputs: waitOutputs,
  rollback: 'nothing',
  onLost: 'retry',
  // Loaded on first use: reading a pipeline file needs none of it.
  verify: async (config, context) => (await impl()).verifyWait(config, context),
  preview: async (config) => (await impl()).previewWait(config),
  run: async (config, context) => (await impl()).runWait(config, context),
});
