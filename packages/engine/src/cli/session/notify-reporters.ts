import type { Json, ReadContext, ReportedEvent, ReporterType } from '../../contract/index.ts';
import { decode, type SecretTexts } from '../../schema/decode.ts';
import type { Plan, PlanReporter } from '../../plan/plan.ts';
import type { PluginRegistry } from '../../plugins/registry.ts';
import type { Journal } from '../../run/local/journal/journal.ts';
import { createMask } from '../../run/local/mask-secrets.ts';
import type { OpenedJournal } from '../lookup/open-journal.ts';
import { readRun, standingEvents } from '../lookup/read-run.ts';
import { withReadContexts } from './read-contexts.ts';

export interface ToldRun {
  readonly journal: Journal;
  readonly run: string;
  readonly plan: Plan;
  readonly registry: PluginRegistry;
  /** Folder of the pipeline file. */
  readonly workdir: string;
}

type Call = (reporter: PlanReporter, context: ReadContext) => Promise<void>;

/** So long may a reporter take, and so long where the process was told to end. */
const [longestMs, longestAtStopMs] = [10_000, 2_000];

/**
 * Tells the reporters of the file everything that happened in a run, from what is recorded. One that fails or does not end is a line on
 * standard error, and changes nothing.
 */
export async function tellReporters(told: ToldRun, secrets: SecretTexts): Promise<void> {
  const events = await eventsOf(told);
  const call = callFor(told.registry.reporters, events, secrets);
  const limitMs = events.at(-1)?.type === 'interrupted' ? longestAtStopMs : longestMs;
  const mask = createMask(secrets);
  const say = (line: string): void => void process.stderr.write(`${mask.text(line)}\n`);
  await withReadContexts({ ...told, mask }, async (contextFor) => {
    const tell = async (reporter: PlanReporter): Promise<void> => {
      const limit = limitOf(limitMs);
      const context = contextFor(reporter.uses, limit.signal, (line) => say(`${reporter.uses}: ${line}`));
      const trouble = await Promise.race([troubleOf(call(reporter, context)), limit.isOver]).finally(limit.callOff);
      if (trouble !== undefined) say(`${reporter.uses} did not report this run: ${trouble}`);
    };
    await Promise.all((told.plan.reporters ?? []).map(tell));
  });
}

async function eventsOf({ journal, run }: ToldRun): Promise<readonly ReportedEvent[]> {
  const { state, events } = await readRun(journal, run);
  const row = journal.findRun(run);
  return row ? [...events, ...standingEvents(journal, row, state)] : events;
}

function callFor(types: ReadonlyMap<string, ReporterType>, events: readonly ReportedEvent[], secrets: SecretTexts): Call {
  return async ({ uses, with: settings }, context) => {
    const type = types.get(uses);
    if (!type) throw new Error('no plugin supplies it.');
    // Nothing in it comes later: reporters read only inputs and secrets.
    await type.report(decode(type.with, settings as Json, secrets), events, context);
  };
}

const troubleOf = (reporting: Promise<void>): Promise<string | undefined> =>
  reporting.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

/** A signal that is aborted when the time is over, and what is said then of one that does not heed it. */
function limitOf(limitMs: number) {
  const controller = new AbortController();
  const { promise: isOver, resolve } = Promise.withResolvers<string>();
  const words = `it did not end within ${limitMs / 1000} s.`;
  // A timer that keeps the process: a reporter may wait for something that does not.
  const timer = setTimeout(() => {
    controller.abort(new DOMException(words, 'TimeoutError'));
    resolve(words);
  }, limitMs);
  return { signal: controller.signal, isOver, callOff: () => clearTimeout(timer) };
}

/**
 * What is told when the lease is given back, so that nobody waits for it: the reporters of the file, and the report, where one was asked
 * for. How the run ended is not changed by what could not be told.
 */
export async function tellAfterwards(
  told: OpenedJournal & ToldRun,
  secrets: Readonly<Record<string, string>>,
  report: string | undefined,
): Promise<void> {
  if (told.plan.reporters !== undefined) {
    const { tellReporters } = await import('./notify-reporters.ts');
    await orSayWhy(tellReporters(told, secrets));
  }
  if (report !== undefined) {
    const { writeHtmlReport } = await import('../lookup/html-report.ts');
    await orSayWhy(writeHtmlReport(told, told.run, report));
  }
}

const orSayWhy = (telling: Promise<unknown>): Promise<unknown> =>
  telling.catch((error: unknown) => void process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`));
