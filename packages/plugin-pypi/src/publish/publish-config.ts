import { secret, Type, type Static } from 'relpipe/plugin';
import { indexField, projectField, sha256Field, versionField } from '../names/release-fields.ts';

const filesField = (description: string) => Type.Record(Type.String(), sha256Field, { description });

/** `with` of `pypi.publish`. */
export const publishConfig = Type.Object(
  {
    project: projectField,
    version: versionField,
    folder: Type.Optional(Type.String({ minLength: 1, description: 'Where the files are, from the folder of the pipeline file; default `dist`' })),
    files: Type.Optional(
      filesField('What to publish: file name to sha256, as `pypi.build` gives it; default: every file of this version in the folder'),
    ),
    index: Type.Optional(indexField),
    upload: Type.Optional(
      Type.String({ minLength: 1, description: 'Upload address, or a section of .pypirc; default: what belongs to `index`, else what twine is configured for' }),
    ),
    tool: Type.Optional(
      Type.Union([Type.Literal('twine'), Type.Literal('uv')], { description: 'What uploads; default: twine, else uv, whichever is there' }),
    ),
    username: Type.Optional(Type.String({ minLength: 1, description: 'Default `__token__`' })),
    token: Type.Optional(secret('API token, or the password of `username`')),
    'trusted-publishing': Type.Optional(
      Type.Union([Type.Literal('auto'), Type.Literal('always'), Type.Literal('never')], {
        description: "Upload with a token minted from the CI's identity; default `auto`: on PyPI and TestPyPI when there is no other login",
      }),
    ),
  },
  { additionalProperties: false },
);
export type PublishConfig = Static<typeof publishConfig>;

export const publishOutputs = Type.Object({
  files: filesField('Everything that is on the index now, by file name'),
  uploaded: Type.Array(Type.String(), { description: 'Those of them that this run uploaded' }),
  index: Type.String({ description: 'The Simple API on which they are seen' }),
});
export type PublishOutputs = Static<typeof publishOutputs>;

/** Saved before each upload. */
export const publishState = Type.Object({
  upload: Type.String(),
  files: filesField('What this run publishes'),
  begun: Type.Array(Type.String(), { description: 'Files whose upload was begun' }),
});
export type PublishState = Static<typeof publishState>;
