import { quantity, Type, type Static } from 'relpipe/plugin';
import { routerSetting } from '../router-kinds/router-point.ts';

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
    from: Type.Optional(share('Share the candidate must have before; with any other one, somebody else has changed it')),
    'only-down': Type.Optional(
      Type.Boolean({
        description: 'For a way back: leaves a candidate alone that has no more than `weight`, and does not wait for the share; default false',
      }),
    ),
  },
  { additionalProperties: false },
);
export type ShiftConfig = Static<typeof shiftConfig>;

export const shiftOutputs = Type.Object({
  weight: quantity('percent', 'Share of the candidate now'),
  former: quantity('percent', 'Share of the candidate before'),
  share: Type.String({ description: 'Share the candidate was really served, e.g. 9.8%, or not-measured' }),
  moved: Type.Boolean({ description: 'Whether the share is another one than before' }),
});
export type ShiftOutputs = Static<typeof shiftOutputs>;

/** What a way back needs: all weights as they were. */
export const shiftState = Type.Object({ weights: Type.Record(Type.String(), Type.Number()) });
export type ShiftState = Static<typeof shiftState>;
