import { defineStep, quantity, Type, type Static } from 'relpipe/plugin';
import { path } from './ready.ts';
import { share } from './shift.ts';

const health = Type.Object(
  {
    path: Type.Optional(path),
    interval: Type.Optional(quantity('duration', 'How often each side is checked; default 2s', { minimum: 1 })),
  },
  { additionalProperties: false, description: 'How a router that this step starts checks its sides' },
);

/** `with` of `traffic.router`. */
export const routerConfig = Type.Object(
  {
    state: Type.Optional(Type.String({ minLength: 1, description: "The router's state file; default .relpipe/router.json" })),
    listen: Type.String({ pattern: ':[0-9]{1,5}$', description: 'Where clients connect, e.g. 127.0.0.1:8080; port 0 takes a free one' }),
    sides: Type.Record(
      Type.String(),
      Type.String({ pattern: '^http://', description: 'Where its server listens, e.g. http://127.0.0.1:9001' }),
      {
        minProperties: 1,
        description: 'URL per side, by its name',
      },
    ),
    weights: Type.Optional(
      Type.Record(Type.String(), share('Share of the side'), {
        description: 'For the first start on this state file, together 100%; default: everything for the side `stable`',
      }),
    ),
    health: Type.Optional(health),
  },
  { additionalProperties: false },
);
export type RouterConfig = Static<typeof routerConfig>;

const routerOutputs = Type.Object({
  listen: Type.String({ description: 'Where clients connect, e.g. http://127.0.0.1:8080' }),
  control: Type.String({ description: 'Its control endpoint' }),
  state: Type.String({ description: 'Its state file, for `embedded.state` of later steps' }),
  pid: Type.Integer({ description: 'Its process' }),
  started: Type.Boolean({ description: 'Whether this attempt started it; false when it was already running' }),
});
export type RouterOutputs = Static<typeof routerOutputs>;

const impl = () => import('./router.impl.ts');

/** `traffic.router`. The functions are loaded when they are first called: reading a pipeline file needs none of them. */
export const router = defineStep({
  summary: 'Ensures that the router of this plugin is running; it keeps running after the release',
  with: routerConfig,
  outputs: routerOutputs,
  verify: async (config, context) => (await impl()).verifyRouter(config, context),
  preview: async (config, context) => (await impl()).previewRouter(config, context),
  run: async (config, context) => (await impl()).runRouter(config, context),
  onLost: 'probe',
  probe: async (config, context) => (await impl()).probeRouter(config, context),
  // Clients may use it by now: stopping it would drop their requests.
  rollback: 'nothing',
});
