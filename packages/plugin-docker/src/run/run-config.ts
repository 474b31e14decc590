import { quantity, secret, Type, type Static } from 'relpipe/plugin';
import { engineOption } from '../cli/engine-option.ts';
import { logins } from '../credentials/logins.ts';
import { imageReference } from '../reference/image-reference.ts';

const variable = Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$' });
const within = Type.Optional(quantity('duration', 'How long it may take to become healthy; default 1m', { minimum: 1 }));
const port = Type.Integer({ minimum: 1, maximum: 65_535, description: 'Inside of the container; it has to be published' });

const healthy = Type.Union(
  [
    Type.Object({ http: Type.String({ pattern: '^/', description: 'Path, asked with GET; below 400 is healthy' }), port, within }, { additionalProperties: false }),
    Type.Object({ tcp: port, within }, { additionalProperties: false }),
    Type.Object({ healthcheck: Type.Literal(true, { description: "The image's own HEALTHCHECK" }), within }, { additionalProperties: false }),
  ],
  { description: 'When it counts as started; default: `{ healthcheck: true }`' },
);
export type Healthy = Static<typeof healthy>;

/** `with` of `docker.run`. */
export const runConfig = Type.Object(
  {
    image: imageReference('What runs, best by its digest'),
    name: Type.Optional(Type.String({ pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.-]+$', description: 'Of the container; default: one that belongs to this step of this run' })),
    command: Type.Optional(Type.Array(Type.String(), { description: "Instead of the image's own" })),
    env: Type.Optional(Type.Record(variable, Type.String(), { additionalProperties: false, description: 'Variables' })),
    secrets: Type.Optional(Type.Record(variable, secret('A variable'), { additionalProperties: false, description: 'Secret variables' })),
    ports: Type.Optional(
      Type.Array(Type.String({ pattern: '^((([0-9.]+|\\[[0-9a-f:]+\\]):)?[0-9]*:)?[0-9]+(/(tcp|udp))?$' }), {
        minItems: 1,
        description: 'As `docker run --publish` takes them, e.g. `127.0.0.1::8080` for a free port',
      }),
    ),
    volumes: Type.Optional(Type.Array(Type.String({ pattern: '^[^-].*:.+$' }), { minItems: 1, description: 'As `docker run --volume` takes them' })),
    network: Type.Optional(Type.String({ pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.:-]*$', description: 'As `docker run --network` takes it' })),
    healthy: Type.Optional(healthy),
    engine: Type.Optional(engineOption),
    logins: Type.Optional(logins),
  },
  { additionalProperties: false },
);
export type RunConfig = Static<typeof runConfig>;

export const started = Type.Object({
  container: Type.String({ description: 'ID' }),
  name: Type.String({ description: 'Name' }),
  ports: Type.Record(Type.String(), Type.String(), { description: 'Where each published port is reached, by the port inside, e.g. `127.0.0.1:49153` for `8080`' }),
});
export type Started = Static<typeof started>;

/** Saved before the container is there: how it is known afterwards. */
export const runState = Type.Object({ key: Type.String({ description: 'Value of its label' }) });
export type RunState = Static<typeof runState>;
