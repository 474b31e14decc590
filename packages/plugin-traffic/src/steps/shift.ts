import { defineStep, quantity, Type, type Static } from 'relpipe/plugin';
import { routerSetting } from '../routers/router.ts';

const side = (role: string) => Type.String({ minLength: 1, description: `${role}, as the router names it: its name, URL or host:port` });

/** A part of all traffic. */
export const share = (description: string) => quantity('percent', description, { minimum: 0, maximum: 100 });

/** `with` of `traffic.shift`. */
export const shiftConfig = Type.Object(
  {
    router: routerSetting,
    stable: side('The side that serves now'),
    candidate: side('The side that is to serve'),
    weight: share('Share of the candidate; stable gets the rest'),
    from: Type.Optional(share('Share the candidate must have before; any other share means that somebody else has changed it')),
    'only-up': Type.Optional(
      Type.Boolean({ description: 'For a first phase: `TRAFFIC_DRIFT` where the candidate already has more; default false' }),
    ),
    'only-down': Type.Optional(
      Type.Boolean({
        description: 'For a rollback: never raises the candidate, and does not wait until the share is served; default false',
      }),
    ),
  },
  { additionalProperties: false },
);
export type ShiftConfig = Static<typeof shiftConfig>;

export const shiftOutputs = Type.Object({
  weight: quantity('percent', 'Share of the candidate now'),
  previous: quantity('percent', 'Share of the candidate before'),
  share: Type.String({ description: 'Share the candidate was really served, e.g. 9.8%, or not-measured' }),
  moved: Type.Boolean({ description: 'Whether the share has changed' }),
});
export type ShiftOutputs = Static<typeof shiftOutputs>;

const sideWeights = Type.Record(Type.String(), Type.Number());

/** What a rollback needs: all weights as they were, and as this step has left them (see `LeftWeights`). */
const shiftState = Type.Object({
  weights: sideWeights,
  wanted: sideWeights,
  written: Type.Optional(Type.Boolean()),
});
export type ShiftState = Static<typeof shiftState>;

const impl = () => import('./shift.impl.ts');

/** `traffic.shift`. The functions are loaded when they are first called: reading a pipeline file needs none of them. */
export const shift = defineStep({
  summary: 'Sends a share of the traffic to the candidate, and measures whether that share is served',
  with: shiftConfig,
  outputs: shiftOutputs,
  state: shiftState,
  target: ['router'],
  verify: async (config, context) => (await impl()).verifyShift(config, context),
  preview: async (config, context) => (await impl()).previewShift(config, context),
  run: async (config, context) => (await impl()).runShift(config, context),
  onLost: 'probe',
  probe: async (config, context) => (await impl()).probeShift(config, context),
  rollback: { restoresTraffic: true, run: async (config, context) => (await impl()).rollbackShift(config, context) },
});
