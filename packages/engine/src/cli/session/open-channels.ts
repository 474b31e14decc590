import { type Json, type Message, type ReadContext, type ReportedEvent, type SendContext, StepError } from '../../contract/index.ts';
import type { Plan, PlanChannel } from '../../plan/plan.ts';
import type { PluginRegistry } from '../../plugins/registry.ts';
import { messageAbout } from '../../report/message.ts';
import type { NextCommands } from '../../report/text/next-commands.ts';
import { maskJson } from '../../run/local/masking/mask-json.ts';
import type { Tell } from '../../run/local/notify/deliveries.ts';
import { readContext } from '../../run/local/tasks/task-context.ts';
import type { Workplace } from '../../run/local/tasks/workplace.ts';
import type { RunStore } from '../../run/store/run-store.ts';
import { decode, type SecretTexts } from '../../schema/decode.ts';
import { messageOf } from '../../util/phrases.ts';
import { readRecordedRun } from '../record/read-recorded-run.ts';

/** A run with everything that is needed to execute it. */
export interface LoadedRun {
  readonly store: RunStore;
  readonly run: string;
  readonly plan: Plan;
  readonly registry: PluginRegistry;
  /** Folder of the pipeline file. */
  readonly workdir: string;
}

/** Tells the channels of a run: what each message says, and what its documents contain. */
export const openChannels =
  ({ store, run, plan, registry }: LoadedRun, next: NextCommands) =>
  (workplace: Workplace): Tell =>
  async ({ key, channel: n, notice, attempt, repetition }, signal) => {
    const channel = plan.notify?.[n];
    if (!channel) throw new TypeError(`the plan has no channel ${String(n)}`);
    const { send, update } = openChannel(channel, registry, workplace.secrets);
    const print = (line: string): void => void process.stderr.write(`${channel.uses}: ${workplace.mask.text(line)}\n`);
    const context = readContext(workplace, key, signal, print);
    if (update) return update((await readRecordedRun(store, run)).events, context);
    const message = messageAbout({ ...notice, ...(repetition && { repetition }) }, { run, plan, next });
    const masked = maskJson(message as unknown as Json, workplace.mask) as unknown as Message;
    await send?.(masked, { ...context, attempt, idempotencyKey: `${run}/notify/${String(notice.n)}.${String(n)}` });
  };

interface OpenedChannel {
  readonly send?: (message: Message, context: SendContext) => Promise<void>;
  readonly update?: (events: readonly ReportedEvent[], context: ReadContext) => Promise<void>;
}

/** Throws a `StepError` where the channel cannot be called: then nothing was sent. */
export function openChannel({ uses, with: settings, secrets }: PlanChannel, registry: PluginRegistry, texts: SecretTexts): OpenedChannel {
  const type = registry.channels.get(uses);
  if (!type) throw new StepError('REL_CHANNEL_UNKNOWN', 'No installed plugin provides it.');
  const missing = secrets.filter((name) => !Object.hasOwn(texts, name));
  if (missing.length > 0) throw new StepError('REL_SECRETS_MISSING', `This process does not have ${missing.join(', ')}.`, { retryable: true });
  const config = decoded(() => decode(type.with, settings as Json, texts));
  // What a channel shows of itself is its own business: `this` stays the type.
  if (type.update) return { update: async (events, context) => type.update(config, events, context) };
  return { send: async (message, context) => type.send(config, message, context) };
}

function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw new StepError('REL_CHANNEL_SETTINGS', messageOf(error));
  }
}
