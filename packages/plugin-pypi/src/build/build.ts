import { defineStep, Type, type Static } from 'relpipe/plugin';
import { filesField, projectField, pythonField, versionField } from '../names/release-fields.ts';

export const buildConfig = Type.Object(
  {
    project: projectField,
    version: versionField,
    source: Type.Optional(
      Type.String({ minLength: 1, description: 'Folder with pyproject.toml; default: the folder of the pipeline file' }),
    ),
    folder: Type.Optional(Type.String({ minLength: 1, description: 'Folder for the built files; default `dist`' })),
    formats: Type.Optional(
      Type.Array(Type.Union([Type.Literal('wheel'), Type.Literal('sdist')]), {
        minItems: 1,
        uniqueItems: true,
        description: 'Default: both. The wheel is then built from the sdist, which proves that the sdist is complete',
      }),
    ),
    metadata: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'Further fields that the metadata of every file must have, e.g. `{ Requires-Python: ">=3.9" }`',
      }),
    ),
    isolation: Type.Optional(
      Type.Boolean({ description: 'Build in an environment of its own with the build requirements of the project; default true' }),
    ),
    python: Type.Optional(pythonField),
  },
  { additionalProperties: false },
);
export type BuildConfig = Static<typeof buildConfig>;

const buildOutputs = Type.Object({
  project: Type.String({ description: 'Name, as the metadata spells it' }),
  version: Type.String({ description: 'Version, as the metadata spells it' }),
  folder: Type.String({ description: 'Folder of the files, as the step names it' }),
  files: filesField('File name to sha256, as `pypi.publish` and `pypi.wait` take it'),
});
export type BuildOutputs = Static<typeof buildOutputs>;

const impl = () => import('./build.impl.ts');

/** `pypi.build`: builds the files of a release and compares their metadata with what was asked for. */
export const build = defineStep({
  summary: 'Builds wheel and sdist, and checks name, version and metadata',
  with: buildConfig,
  outputs: buildOutputs,
  rollback: 'nothing',
  onLost: 'retry',
  // Loaded on first use: reading a pipeline file needs none of it.
  verify: async (config, context) => (await impl()).verifyBuild(config, context),
  preview: async (config) => (await impl()).previewBuild(config),
  run: async (config, context) => (await impl()).runBuild(config, context),
});
