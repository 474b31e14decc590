import { quantity, Type, type Static } from 'relpipe/plugin';
import { share } from '../shift/shift-config.ts';

const health = Type.Object(
  {
    path: Type.Optional(Type.String({ pattern: '^/', description: 'Asked with GET; 2xx and 3xx are good. Default: a TCP connection that opens is' })),
    interval: Type.Optional(quantity('duration', 'How often each side is looked at; default 2s', { minimum: 1 })),
  },
  { additionalProperties: false, description: 'How a router that is started looks at its sides' },
);

/** `with` of `traffic.router`. */
export const ensureConfig = Type.Object(
  {
    state: Type.Optional(Type.String({ minLength: 1, description: "The router's state file; default .relpipe/router.json" })),
    listen: Type.String({ pattern: ':[0-9]{1,5}$', description: 'Where clients connect, e.g. 127.0.0.1:8080; port 0 takes a free one' }),
    sides: Type.Record(Type.String(), Type.String({ pattern: '^http://', description: 'Where its server listens, e.g. http://127.0.0.1:9001' }), {
      minProperties: 1,
      description: 'URL per side, by its name',
    }),
    weights: Type.Optional(
      Type.Record(Type.String(), share('Share of the side'), {
        description: 'For the first start on this state file, together 100%; default: all for the side `stable`',
      }),
    ),
    health: Type.Optional(health),
  },
  { additionalProperties: false },
);
export type EnsureConfig = Static<typeof ensureConfig>;

export const ensureOutputs = Type.Object({
  listen: Type.String({ description: 'Where clients connect, e.g. http://127.0.0.1:8080' }),
  control: Type.String({ description: 'Its control endpoint' }),
  state: Type.String({ description: 'Its state file, for `embedded.state` of the steps that follow' }),
  pid: Type.Integer({ description: 'Its process' }),
  started: Type.Boolean({ description: 'Whether this attempt started it; false when it was there already' }),
});
export type EnsureOutputs = Static<typeof ensureOutputs>;
