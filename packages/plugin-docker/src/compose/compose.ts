import { defineStep, quantity, Type, type Static } from 'relpipe/plugin';
import { engine, logins, secretVariables, stringMap, variables } from '../schemas.ts';

const services = (description: string) =>
  Type.Array(Type.String({ pattern: '^[a-zA-Z0-9][a-zA-Z0-9._-]*$' }), { minItems: 1, description });

/** `with` of `docker.compose`. */
const composeConfig = Type.Object(
  {
    project: Type.String({
      pattern: '^[a-z0-9][a-z0-9_-]*$',
      description: 'Name of the compose project, by which its containers are found',
    }),
    files: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        description: 'From the folder of the pipeline file; default: the file that compose itself would use there, with its override',
      }),
    ),
    services: Type.Optional(services('Only these, and the services they depend on; default: all')),
    completes: Type.Optional(services('Services that are to exit with code 0, e.g. a migration, instead of staying up')),
    env: Type.Optional(variables('Variables for the compose file, e.g. the version')),
    secrets: Type.Optional(secretVariables('Secret variables for the compose file')),
    pull: Type.Optional(Type.Boolean({ description: 'Pull all images first; default: only those that are missing' })),
    within: Type.Optional(quantity('duration', 'How long it may take until the whole project is healthy; default 2m', { minimum: 1 })),
    engine: Type.Optional(engine),
    logins: Type.Optional(logins),
  },
  { additionalProperties: false },
);
export type ComposeSchema = typeof composeConfig;
export type ComposeConfig = Static<ComposeSchema>;

const composed = Type.Object({
  images: stringMap("The engine's image ID by service, as they run now"),
  previous: stringMap('The same before this step; empty when nothing ran'),
});
export type Composed = Static<typeof composed>;

/** Saved before anything is started: enough to bring the previous images back. */
const composeState = Type.Object({ previous: composed.properties.previous });
export type ComposeState = Static<typeof composeState>;

const impl = () => import('./compose.impl.ts');

/** `docker.compose`: with `docker compose` or docker-compose 1.x. */
export const compose = defineStep({
  summary: 'Brings a compose project up and waits until it is healthy',
  with: composeConfig,
  outputs: composed,
  state: composeState,
  onLost: 'probe',
  verify: async (config, context) => (await impl()).verify(config, context),
  preview: async (config, context) => (await impl()).preview(config, context),
  probe: async (config, context) => (await impl()).probe(config, context),
  run: async (config, context) => (await impl()).run(config, context),
  rollback: { run: async (config, context) => (await import('./rollback.ts')).rollback(config, context) },
});
