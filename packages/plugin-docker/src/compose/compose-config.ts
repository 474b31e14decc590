import { quantity, secret, Type, type Static } from 'relpipe/plugin';
import { engineOption } from '../cli/engine-option.ts';
import { logins } from '../credentials/logins.ts';

const variable = Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$' });
const services = (description: string) => Type.Array(Type.String({ pattern: '^[a-zA-Z0-9][a-zA-Z0-9._-]*$' }), { minItems: 1, description });

/** `with` of `docker.compose`. */
export const composeConfig = Type.Object(
  {
    project: Type.String({ pattern: '^[a-z0-9][a-z0-9_-]*$', description: 'Name of the compose project: its containers are known by it' }),
    files: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        description: 'From the folder of the pipeline file; default: the file that compose itself would take there, with its override',
      }),
    ),
    services: Type.Optional(services('Only these, and what they depend on; default: all')),
    completes: Type.Optional(services('Services that are to end with exit code 0, e.g. a migration, instead of staying up')),
    env: Type.Optional(Type.Record(variable, Type.String(), { additionalProperties: false, description: 'Variables for the compose file, e.g. the version' })),
    secrets: Type.Optional(Type.Record(variable, secret('For the compose file'), { additionalProperties: false, description: 'Secret variables for the compose file' })),
    pull: Type.Optional(Type.Boolean({ description: 'Pull all images first; default: only those that are missing' })),
    within: Type.Optional(quantity('duration', 'How long it may take until all of it is healthy; default 2m', { minimum: 1 })),
    engine: Type.Optional(engineOption),
    logins: Type.Optional(logins),
  },
  { additionalProperties: false },
);
export type ComposeConfig = Static<typeof composeConfig>;

const images = (description: string) => Type.Record(Type.String(), Type.String(), { description });

export const composed = Type.Object({
  images: images("What runs now: the engine's image ID by service"),
  former: images('What ran before; empty where nothing did'),
});
export type Composed = Static<typeof composed>;

/** Saved before anything is started: enough to bring the former images back. */
export const composeState = Type.Object({ former: composed.properties.former });
export type ComposeState = Static<typeof composeState>;
