import { defineStep, Type, type Static } from 'relpipe/plugin';
import { filesField, indexField, projectField, pythonField, versionField } from '../names/release-fields.ts';

export const installCheckConfig = Type.Object(
  {
    project: projectField,
    version: versionField,
    index: Type.Optional(indexField),
    files: Type.Optional(filesField('One of these files has to be installed; default: the files of this version that the index lists')),
    import: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_.]*$' }), {
        description: 'Modules to import; default: all top-level modules of the project',
      }),
    ),
    scripts: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.String()), {
        description: 'Console scripts to run, each with its arguments; the others are loaded and not run',
      }),
    ),
    python: Type.Optional(pythonField),
  },
  { additionalProperties: false },
);
export type InstallCheckConfig = Static<typeof installCheckConfig>;

const installCheckOutputs = Type.Object({
  version: Type.String({ description: 'Version, as it was installed' }),
  modules: Type.Array(Type.String(), { description: 'The imported modules' }),
  scripts: Type.Array(Type.String(), { description: 'The console scripts of the project' }),
  packages: Type.Record(Type.String(), Type.String(), { description: 'All installed packages, each with its version' }),
});
export type InstallCheckOutputs = Static<typeof installCheckOutputs>;

/** Saved before the environment is created, so that a second attempt removes the environment of the first one. */
const installCheckState = Type.Object({ folder: Type.String() });
export type InstallCheckState = Static<typeof installCheckState>;

const impl = () => import('./install-check.impl.ts');

/** `pypi.install-check`: installs and imports a release as a user will, in a new environment. */
export const installCheck = defineStep({
  summary: 'Installs a version into a clean environment, by hash, imports it and loads its console scripts',
  with: installCheckConfig,
  outputs: installCheckOutputs,
  state: installCheckState,
  rollback: 'nothing',
  onLost: 'retry',
  // Loaded on first use: reading a pipeline file needs none of it.
  verify: async (config, context) => (await impl()).verifyInstallCheck(config, context),
  preview: async (config) => (await impl()).previewInstallCheck(config),
  run: async (config, context) => (await impl()).runInstallCheck(config, context),
  // `run` removes the environment itself; this is for a run that was killed and is not resumed to its end.
  teardown: { scope: 'step', run: async (_, { saved }) => (await impl()).removeEnvironment(saved) },
});
