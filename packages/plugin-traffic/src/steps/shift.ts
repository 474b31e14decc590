import { defineStep, quantity, shape, Type, type Static } from 'relpipe/plugin';
import { routerSetting } from '../routers/router.ts';
import { sideSetting } from '../weights/side-setting.ts';

/** A part of all traffic. */
export const share = (description: string) => quantity('percent', description, { minimum: 0, maximum: 100 });

/** Gates that have to pass before the candidate gets more: those of the step cannot, as long as they measure what it does with its traffic. */
export const waitForSetting = shape(
  Type.Array(Type.String(), {
    minItems: 1,
    uniqueItems: true,
    description: 'Gates that must pass before the candidate gets more traffic, e.g. that there is no open incident',
  }),
);

/** `with` of `traffic.shift`. */
export const shiftConfig = Type.Object(
  {
    router: routerSetting,
    stable: sideSetting('The side that serves now'),
    candidate: sideSetting('The side that is to serve'),
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

/** As the functions get it: a side of several servers is one side of the router. */
export const joinedShiftConfig = Type.Object({ ...shiftConfig.properties, stable: Type.String(), candidate: Type.String() });
export type ShiftConfig = Static<typeof joinedShiftConfig>;

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
  router: Type.String(),
  weights: sideWeights,
  wanted: sideWeights,
  written: Type.Optional(Type.Boolean()),
});
export type ShiftState = Static<typeof shiftState>;

const impl = async () => ({ ...(await import('./shift.impl.ts')), ...(await import('../weights/join-sides.ts')) });

/** `traffic.shift`. The functions are loaded when they are first called: reading a pipeline file needs none of them. */
export const shift = defineStep({
  summary: 'Sends a share of the traffic to the candidate, and measures whether that share is served',
  with: shiftConfig,
  outputs: shiftOutputs,
  state: shiftState,
  target: ['router'],
  verify: async (config, context) => {
    const { verifyShift, joinSides } = await impl();
    return verifyShift(joinSides(config), context);
  },
  preview: async (config, context) => {
    const { previewShift, joinSides } = await impl();
    return previewShift(joinSides(config), context);
  },
  candidateShare: ({ weight }) => (typeof weight === 'number' ? weight : undefined),
  run: async (config, context) => {
    const { runShift, joinSides } = await impl();
    return runShift(joinSides(config), context);
  },
  onLost: 'probe',
  probe: async (config, context) => {
    const { probeShift, joinSides } = await impl();
    return probeShift(joinSides(config), context);
  },
  rollback: {
    restoresTraffic: true,
    run: async (config, context) => {
      const { rollbackShift, joinSides } = await impl();
      return rollbackShift(joinSides(config), context);
    },
  },
});
