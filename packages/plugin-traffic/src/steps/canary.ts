import {
  approval,
  defineComposite,
  quantity,
  shape,
  StepError,
  Type,
  type Handle,
  type Later,
  type PlannedConfig,
  type Unfolding,
  type Urgency,
} from 'relpipe/plugin';
import { printPercent } from '../weights/weights.ts';
import { share, shiftConfig, shiftOutputs, type ShiftOutputs, waitForSetting } from './shift.ts';
import { verifyOutputs } from './verify.ts';

const { router, stable, candidate } = shiftConfig.properties;

const phase = Type.Object(
  {
    weight: share('Share of the candidate'),
    hold: quantity('duration', 'How long it stays; the gates of the step watch', { minimum: 1 }),
    approval: Type.Optional(approval('A question to people before the weight is set')),
  },
  { additionalProperties: false },
);

const rollback = Type.Object(
  {
    ramp: Type.Array(share('Share of the candidate; skipped where it already has no more'), { minItems: 1 }),
    hold: quantity('duration', 'How long each weight of the ramp stays', { minimum: 0 }),
  },
  { additionalProperties: false, description: 'A rollback in stages, when there is time; default: everything at once' },
);

/** `with` of `traffic.canary`. */
const canaryConfig = Type.Object(
  {
    router,
    stable,
    candidate,
    phases: shape(Type.Array(phase, { minItems: 1, description: 'Each sends a larger share to the candidate than the one before' })),
    'wait-for': Type.Optional(waitForSetting),
    rollback: Type.Optional(shape(rollback)),
  },
  { additionalProperties: false },
);

export type PlannedCanary = PlannedConfig<typeof canaryConfig>;

/** `traffic.canary`: unfolds into shift, hold, shift, hold …, and is rolled back as one. */
export const canary = defineComposite({
  summary: 'Sends more and more of the traffic to the candidate, and holds after each step',
  with: canaryConfig,
  outputs: Type.Object({ weight: shiftOutputs.properties.weight }),
  unfold: unfoldCanary,
  rollback: rollbackCanary,
});

/**
 * `1-approval`, `1-wait`, `1-shift`, `1-hold`, `2-approval` …: numbered, because weights may repeat or be known only later. Each shift checks
 * that the weight of the one before is still set; after the last hold `verify` does.
 */
function unfoldCanary({ router, stable, candidate, phases, rollback, 'wait-for': gates }: PlannedCanary, into: Unfolding): { weight: Later<number> | number } {
  requireRising(phases.map(({ weight }) => weight));
  requireFalling(rollback?.ramp ?? []);
  let last: Handle<ShiftOutputs> | undefined;
  phases.forEach(({ weight, hold, approval }, i) => {
    if (approval !== undefined) into.approval(`${i + 1}-approval`, approval);
    if (gates !== undefined) into.gate(`${i + 1}-wait`, { gates });
    const from = last ? { from: last.output('weight') } : { 'only-up': true };
    last = into.step(`${i + 1}-shift`, {
      uses: 'traffic.shift',
      outputs: shiftOutputs,
      with: { router, stable, candidate, weight, ...from },
    });
    into.hold(`${i + 1}-hold`, { for: hold });
  });
  if (last === undefined) return { weight: 0 };
  const weight = last.output('weight');
  into.step('verify', { uses: 'traffic.verify', outputs: verifyOutputs, with: { router, stable, candidate, weight } });
  return { weight };
}

/**
 * `staged` goes down the ramp: a weight and its hold only where the candidate still has more. Then, or with `now` at once, the candidate
 * gets nothing. None of these shifts ever raises the candidate's share.
 */
function rollbackCanary({ router, stable, candidate, rollback }: PlannedCanary, into: Unfolding, urgency: Urgency): void {
  const lower = (id: string, weight: unknown) =>
    into.step(id, { uses: 'traffic.shift', outputs: shiftOutputs, with: { router, stable, candidate, weight, 'only-down': true } });
  if (urgency === 'staged' && rollback !== undefined) {
    rollback.ramp.forEach((weight, i) => {
      const lowered = lower(`ramp-${i + 1}-shift`, weight);
      into.hold(`ramp-${i + 1}-hold`, { for: rollback.hold, when: lowered.output('moved') });
    });
  }
  lower('restore', 0);
}

type Weights = readonly (number | Later<number>)[];

/** Weights that are known only in the run are not compared. @throws {StepError} `TRAFFIC_PHASES_NOT_RISING` */
function requireRising(weights: Weights): void {
  const found = findPair(weights, (previous, next) => next <= previous);
  if (found === undefined) return;
  const [previous, next] = [printPercent(found.previous), printPercent(found.next)];
  throw new StepError('TRAFFIC_PHASES_NOT_RISING', `The phase with ${next} comes after the phase with ${previous}.`, {
    hint: 'Set the weight of each phase higher than the one before.',
  });
}

/** @throws {StepError} `TRAFFIC_RAMP_NOT_FALLING` */
function requireFalling(weights: Weights): void {
  const found = findPair(weights, (previous, next) => next >= previous);
  if (found === undefined) return;
  throw new StepError(
    'TRAFFIC_RAMP_NOT_FALLING',
    `In the ramp of the rollback, ${printPercent(found.next)} comes after ${printPercent(found.previous)}.`,
    { hint: 'Set each weight of the ramp lower than the one before.' },
  );
}

function findPair(weights: Weights, isWrong: (previous: number, next: number) => boolean) {
  const known = weights.filter((weight) => typeof weight === 'number');
  const pairs = known.slice(1).map((next, i) => ({ previous: known[i] ?? next, next }));
  return pairs.find(({ previous, next }) => isWrong(previous, next));
}
