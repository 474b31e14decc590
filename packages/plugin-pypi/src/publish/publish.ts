import { defineStep, secret, Type, type Static } from 'relpipe/plugin';
import { filesField, indexField, projectField, versionField } from '../names/release-fields.ts';

export const publishConfig = Type.Object(
  {
    project: projectField,
    version: versionField,
    folder: Type.Optional(
      Type.String({ minLength: 1, description: 'Folder of the files, relative to that of the pipeline file; default `dist`' }),
    ),
    files: Type.Optional(
      filesField(
        'The files to publish: file name to sha256, as `pypi.build` outputs it; default: every file of this version in the folder',
      ),
    ),
    index: Type.Optional(indexField),
    upload: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Upload address, or a section of .pypirc; default: that of `index`, else the one twine is configured for',
      }),
    ),
    tool: Type.Optional(
      Type.Union([Type.Literal('twine'), Type.Literal('uv')], { description: 'Upload tool; default: twine if it is installed, else uv' }),
    ),
    username: Type.Optional(Type.String({ minLength: 1, description: 'Default `__token__`' })),
    token: Type.Optional(secret('API token, or the password of `username`')),
    'trusted-publishing': Type.Optional(
      Type.Union([Type.Literal('auto'), Type.Literal('always'), Type.Literal('never')], {
        description:
          "Upload with a token minted from the CI job's identity; default `auto`: on PyPI and TestPyPI when there is no other login",
      }),
    ),
  },
  { additionalProperties: false },
);
export type PublishConfig = Static<typeof publishConfig>;

const publishOutputs = Type.Object({
  files: filesField('All files of the release that are on the index now, by file name'),
  uploaded: Type.Array(Type.String(), { description: 'Those that this run uploaded' }),
  index: Type.String({ description: 'The Simple API that lists them' }),
});
export type PublishOutputs = Static<typeof publishOutputs>;

/** Saved before each upload. */
const publishState = Type.Object({
  upload: Type.String(),
  files: filesField('The files that this run publishes'),
  started: Type.Array(Type.String(), { description: 'The files whose upload was started' }),
});
export type PublishState = Static<typeof publishState>;

const impl = () => import('./publish.impl.ts');

/** `pypi.publish`: uploads a release, file by file, after comparing it with the files that are there already. */
export const publish = defineStep({
  summary: 'Uploads the files of a version to a package index, each once',
  with: publishConfig,
  outputs: publishOutputs,
  state: publishState,
  rollback: 'impossible',
  onLost: 'probe',
  // Loaded on first use: reading a pipeline file needs none of it.
  verify: async (config, context) => (await import('./verify-publish.ts')).verifyPublish(config, context),
  preview: async (config, context) => (await impl()).previewPublish(config, context),
  run: async (config, context) => (await impl()).runPublish(config, context),
  probe: async (config, context) => (await impl()).probePublish(config, context),
});
