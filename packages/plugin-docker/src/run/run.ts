import { defineStep, plannedText, quantity, Type, unknownUntilRun, type Static } from 'relpipe/plugin';
import { imageReference } from '../image/reference.ts';
import { engine, logins, secretVariables, stringMap, variables } from '../schemas.ts';

const within = Type.Optional(quantity('duration', 'How long it may take to become healthy; default 1m', { minimum: 1 }));
const port = Type.Integer({ minimum: 1, maximum: 65_535, description: 'Inside the container; it has to be published' });
const path = Type.String({ pattern: '^/', description: 'Path, requested with GET; a status below 400 is healthy' });
const ownCheck = Type.Literal(true, { description: "The image's own HEALTHCHECK" });

const healthy = Type.Union(
  [
    Type.Object({ http: path, port, within }, { additionalProperties: false }),
    Type.Object({ tcp: port, within }, { additionalProperties: false }),
    Type.Object({ healthcheck: ownCheck, within }, { additionalProperties: false }),
  ],
  { description: 'When it counts as started; default: `{ healthcheck: true }`' },
);
export type Healthy = Static<typeof healthy>;

/** `with` of `docker.run`. */
const runConfig = Type.Object(
  {
    image: imageReference('The image to run, best by its digest'),
    name: Type.Optional(
      Type.String({
        pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.-]+$',
        description: 'Name of the container; default: one that belongs to this step of this run',
      }),
    ),
    command: Type.Optional(Type.Array(Type.String(), { description: "Instead of the image's own" })),
    env: Type.Optional(variables('Variables')),
    secrets: Type.Optional(secretVariables('Secret variables')),
    ports: Type.Optional(
      Type.Array(Type.String({ pattern: '^((([0-9.]+|\\[[0-9a-f:]+\\]):)?[0-9]*:)?[0-9]+(/(tcp|udp))?$' }), {
        minItems: 1,
        description: 'As `docker run --publish` takes them, e.g. `127.0.0.1::8080` for a free port',
      }),
    ),
    volumes: Type.Optional(
      Type.Array(Type.String({ pattern: '^[^-].*:.+$' }), { minItems: 1, description: 'As `docker run --volume` takes them' }),
    ),
    network: Type.Optional(Type.String({ pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.:-]*$', description: 'As `docker run --network` takes it' })),
    healthy: Type.Optional(healthy),
    engine: Type.Optional(engine),
    logins: Type.Optional(logins),
  },
  { additionalProperties: false },
);
export type RunSchema = typeof runConfig;
export type RunConfig = Static<RunSchema>;

const started = Type.Object({
  container: Type.String({ description: 'ID' }),
  name: Type.String({ description: 'Name' }),
  ports: stringMap('Address of each published port, by the port inside, e.g. `127.0.0.1:49153` for `8080`'),
});
export type Started = Static<typeof started>;

/** Saved before the container starts: how later attempts find it. */
const runState = Type.Object({ key: Type.String({ description: 'Value of its label' }) });
export type RunState = Static<typeof runState>;

const impl = () => import('./run.impl.ts');

/** `docker.run`: a container for the steps of its stage; it is stopped and removed at the end of the stage. */
export const run = defineStep({
  summary: 'Runs a container until the end of its stage, and waits until it is healthy',
  with: runConfig,
  outputs: started,
  state: runState,
  // It is stopped in any case.
  rollback: 'nothing',
  onLost: 'probe',
  verify: async (config, context) => (await impl()).verify(config, context),
  preview: async (config) => ({
    change: `run ${plannedText(config.image)} until the end of the stage`,
    rollback: 'nothing to roll back: the container is stopped and removed in any case',
    unknownUntilRun: unknownUntilRun(config),
  }),
  probe: async (config, context) => (await impl()).probe(config, context),
  run: async (config, context) => (await impl()).run(config, context),
  teardown: {
    scope: 'stage',
    run: async (config, context) => (await impl()).teardown(config, context),
  },
});
