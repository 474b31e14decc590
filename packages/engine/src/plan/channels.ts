import type { ChannelType } from '../contract/index.ts';
import { secretNamesIn, type Value } from '../expressions/value.ts';
import { notifyEvents } from '../model/notify.ts';
import { decodePlanned } from '../schema/planned.ts';
import type { ChannelDeclaration } from '../validate/valid-pipeline.ts';
import { evaluateKnown, evaluateKnownCondition } from './evaluate-known.ts';
import { keysOfName } from './keys-of-name.ts';
import type { PlanDraft } from './plan-draft.ts';
import type { PlanChannel } from './plan.ts';

/** The channels whose condition is true, or that have none. They read only inputs, so that all of it is known now. */
export const planChannels = (draft: PlanDraft): readonly PlanChannel[] =>
  draft.pipeline.notify.flatMap((declared, entry) => (isWanted(draft, declared) ? [planChannel(draft, declared, entry)] : []));

function isWanted(draft: PlanDraft, { when, at }: ChannelDeclaration): boolean {
  return when === undefined || evaluateKnownCondition(when, { draft, placeOf: () => at }).$expr !== 'false';
}

function planChannel(draft: PlanDraft, { uses, with: settings, events = notifyEvents, from, at }: ChannelDeclaration, entry: number): PlanChannel {
  const config = evaluateKnown(settings, { draft, placeOf: () => at });
  const type = draft.pipeline.registry.channels.get(uses);
  return {
    entry,
    uses,
    with: config,
    secrets: secretNamesIn(config),
    events,
    ...(from && { from: from.flatMap((name) => keysOfName(draft, name)) }),
    ...(type?.update && { document: true }),
    ...(type && recognizesRepetition(type, config) && { repeatable: true }),
  };
}

const recognizesRepetition = (type: ChannelType, config: Value): boolean =>
  type.recognizesRepetition?.(decodePlanned(type.with, config, {}) as Parameters<typeof type.recognizesRepetition>[0]) === true;

/** For people: `notify.log`, or `notify.webhook (started, ended)`. */
export function channelText({ uses, events, from }: PlanChannel): string {
  const limits = [...(events.length < notifyEvents.length ? [events.join(', ')] : []), ...(from ? [`from ${from.join(', ')}`] : [])];
  return limits.length > 0 ? `${uses} (${limits.join('; ')})` : uses;
}
