import { Type, type Static } from 'relpipe/plugin';
import { indexField, projectField, sha256Field, versionField } from '../names/release-fields.ts';

/** `with` of `pypi.install-check`. */
export const installCheckConfig = Type.Object(
  {
    project: projectField,
    version: versionField,
    index: Type.Optional(indexField),
    files: Type.Optional(
      Type.Record(Type.String(), sha256Field, { description: 'One of these has to be installed; default: what the index lists of this version' }),
    ),
    import: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_.]*$' }), { description: 'Modules to import; default: all that the project brings at its top' }),
    ),
    scripts: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.String()), {
        description: 'Console scripts to run, each with its arguments; every other one is loaded and not run',
      }),
    ),
    python: Type.Optional(Type.String({ minLength: 1, description: 'What makes the environment; default python3, else python' })),
  },
  { additionalProperties: false },
);
export type InstallCheckConfig = Static<typeof installCheckConfig>;

export const installCheckOutputs = Type.Object({
  version: Type.String({ description: 'As it was installed' }),
  modules: Type.Array(Type.String(), { description: 'What was imported' }),
  scripts: Type.Array(Type.String(), { description: 'The console scripts it brings' }),
  packages: Type.Record(Type.String(), Type.String(), { description: 'Everything that was installed, with its version' }),
});
export type InstallCheckOutputs = Static<typeof installCheckOutputs>;

/** Saved before the environment is made, so that a second attempt removes what the first one left. */
export const installCheckState = Type.Object({ folder: Type.String() });
export type InstallCheckState = Static<typeof installCheckState>;
