import type { ReportedEvent } from '../../contract/index.ts';
import type { PlanChannel } from '../../plan/plan.ts';
import { createMask } from '../../run/local/masking/mask-secrets.ts';
import { notifyWithinMs } from '../../run/local/timeouts.ts';
import type { SecretTexts } from '../../schema/decode.ts';
import { messageOf, shorten } from '../../util/phrases.ts';
import { timeLimit } from '../../util/time-limit.ts';
import type { OpenedStore } from '../record/open-store.ts';
import { readRunAsItIs } from '../record/read-recorded-run.ts';
import { type LoadedRun, openChannel } from './open-channels.ts';
import { withReadContexts } from './read-contexts.ts';

interface Afterwards {
  readonly secrets: SecretTexts;
  /** The run is over: its channels know. */
  readonly isOver: boolean;
  /** Where the HTML report goes, if one was asked for. */
  readonly report: string | undefined;
}

/**
 * Runs when the lease is given back, so that nobody waits for it: documents show that the run is parked, paused or interrupted, and the report
 * is written where one was asked for. A failure here is printed and does not change how the run ended.
 */
export async function reportAfterwards(run: OpenedStore & LoadedRun, { secrets, isOver, report }: Afterwards): Promise<void> {
  if (!isOver) await orPrint(updateDocuments(run, secrets));
  if (report === undefined) return;
  const { writeHtmlReport } = await import('../record/write-html-report.ts');
  await orPrint(writeHtmlReport(run, run.run, report));
}

const orPrint = (reporting: Promise<unknown>): Promise<unknown> =>
  reporting.catch((error: unknown) => void process.stderr.write(`${messageOf(error)}\n`));

/** After a signal has interrupted the run. */
const atSignalMs = 2_000;

/** Hands the documents everything that happened in a run, and its present state. One that fails is a line on standard error. */
async function updateDocuments(run: LoadedRun, secrets: SecretTexts): Promise<void> {
  const documents = (run.plan.notify ?? []).filter(({ document }) => document);
  const row = documents.length === 0 ? undefined : await run.store.findRun(run.run);
  if (!row) return;
  const { events } = await readRunAsItIs(run.store, row);
  const limitMs = events.at(-1)?.type === 'interrupted' ? atSignalMs : notifyWithinMs;
  const mask = createMask(secrets);
  const print = (line: string): void => void process.stderr.write(`${shorten(mask.text(line))}\n`);
  await withReadContexts({ ...run, mask }, async (contextFor) => {
    const update = async (channel: PlanChannel): Promise<void> => {
      const limit = timeLimit(limitMs);
      const context = contextFor(channel.uses, limit.signal, (line) => print(`${channel.uses}: ${line}`));
      const failure = await Promise.race([whyFailed(updateOne(channel, events, context)), limit.isOver]).finally(limit.callOff);
      if (failure !== undefined) print(`${channel.uses} was not brought up to date: ${failure}`);
    };
    await Promise.all(documents.map(update));
  });

  async function updateOne(channel: PlanChannel, events: readonly ReportedEvent[], context: Parameters<NonNullable<ReturnType<typeof openChannel>['update']>>[1]): Promise<void> {
    await openChannel(channel, run.registry, secrets).update?.(events, context);
  }
}

const whyFailed = (updating: Promise<void>): Promise<string | undefined> => updating.then(() => undefined, messageOf);
