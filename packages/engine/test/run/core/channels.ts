import { type NotifyEvent, notifyEvents } from '../../../src/model/notify.ts';
import type { Plan, PlanChannel } from '../../../src/plan/plan.ts';
import type { Fact, FactBody } from '../../../src/run/core/fact.ts';
import type { DeliveryResult } from '../../../src/run/core/notice.ts';
import type { NotifyOp } from '../../../src/run/core/operation.ts';
import type { Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { opsOf } from './run-plan.ts';

/** A channel that is told everything, as a plan has it. */
export const channel = (more: Partial<PlanChannel> = {}): PlanChannel => ({ entry: 0, uses: 'test.channel', with: {}, secrets: [], events: notifyEvents, ...more });

export const withChannels = (plan: Plan, ...notify: readonly PlanChannel[]): Plan => ({ ...plan, notify });

export const delivered: DeliveryResult = { status: 'delivered' };
export const refused: DeliveryResult = { status: 'failed', because: 'no', retryable: false };
export const unreachable: DeliveryResult = { status: 'failed', because: 'nothing listens there', retryable: true };
export const timedOut: DeliveryResult = { status: 'unknown', because: 'it did not answer' };

/** Channels answer as given; everything else as the script says. */
export const answering =
  (answer: (op: NotifyOp) => DeliveryResult, script: Script, afterMs = 100): Script =>
  (op) => (op.op === 'notify' ? [[afterMs, notified(op, answer(op))]] : script(op));

const notified = ({ key }: NotifyOp, result: DeliveryResult): FactBody => ({ fact: 'notified', key, result });

/** Every attempt to tell a channel, in the order in which they started. */
export const attemptsIn = (journal: readonly Fact[]): readonly NotifyOp[] => opsOf(journal).filter((op) => op.op === 'notify');

/** What a channel was told, each thing once. */
export const toldTo = (journal: readonly Fact[], n = 0): readonly NotifyEvent[] =>
  attemptsIn(journal).flatMap(({ channel, attempt, notice }) => (channel === n && attempt === 1 ? [notice.event] : []));
