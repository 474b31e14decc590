import { Type, type Static } from 'relpipe/plugin';
import { projectField, sha256Field, versionField } from '../names/release-fields.ts';

/** `with` of `pypi.build`. */
export const buildConfig = Type.Object(
  {
    project: projectField,
    version: versionField,
    source: Type.Optional(Type.String({ minLength: 1, description: 'Folder with pyproject.toml; default: that of the pipeline file' })),
    folder: Type.Optional(Type.String({ minLength: 1, description: 'Where the files are put; default `dist`' })),
    formats: Type.Optional(
      Type.Array(Type.Union([Type.Literal('wheel'), Type.Literal('sdist')]), {
        minItems: 1,
        uniqueItems: true,
        description: 'Default both: then the wheel is built from the sdist, which proves that nothing is missing in it',
      }),
    ),
    metadata: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'What else the metadata of every file has to say, e.g. `{ Requires-Python: ">=3.9" }`',
      }),
    ),
    isolation: Type.Optional(
      Type.Boolean({ description: 'Build in an environment of its own with what the project asks for; default true' }),
    ),
    python: Type.Optional(Type.String({ minLength: 1, description: 'Default python3, else python' })),
  },
  { additionalProperties: false },
);
export type BuildConfig = Static<typeof buildConfig>;

export const buildOutputs = Type.Object({
  project: Type.String({ description: 'Name as the metadata spells it' }),
  version: Type.String({ description: 'Version as the metadata spells it' }),
  folder: Type.String({ description: 'Where the files are, as it was asked for' }),
  files: Type.Record(Type.String(), sha256Field, { description: 'File name to sha256: what `pypi.publish` and `pypi.wait` take' }),
});
export type BuildOutputs = Static<typeof buildOutputs>;
