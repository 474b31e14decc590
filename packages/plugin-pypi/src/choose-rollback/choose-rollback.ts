import { defineStep, Type, type Static } from 'relpipe/plugin';
import { indexField, listedFilesField, projectField } from '../names/release-fields.ts';

export const chooseRollbackConfig = Type.Object(
  {
    project: projectField,
    version: Type.String({ minLength: 1, description: 'Version to roll back from' }),
    target: Type.Optional(Type.String({ minLength: 1, description: 'Version to roll back to; default: the newest suitable one' })),
    index: Type.Optional(indexField),
  },
  { additionalProperties: false },
);
export type ChooseRollbackConfig = Static<typeof chooseRollbackConfig>;

const chooseRollbackOutputs = Type.Object({
  version: Type.String({ description: 'Version to roll back to, as its files spell it' }),
  files: listedFilesField,
});
export type ChooseRollbackOutputs = Static<typeof chooseRollbackOutputs>;

const impl = () => import('./choose-rollback.impl.ts');

/** `pypi.choose-rollback`: finds the version to roll back to, or checks the one that is named. */
export const chooseRollback = defineStep({
  summary: 'Chooses the newest stable version before this one that is not yanked, or checks the one that is named',
  with: chooseRollbackConfig,
  outputs: chooseRollbackOutputs,
  rollback: 'nothing',
  onLost: 'retry',
  // Loaded on first use: reading a pipeline file needs none of it.
  verify: async (config, context) => (await impl()).verifyChooseRollback(config, context),
  preview: async (config) => (await impl()).previewChooseRollback(config),
  run: async (config, context) => (await impl()).runChooseRollback(config, context),
});
