import type { Json, ReadContext, ReportedEvent, ReporterType } from '../../contract/index.ts';
import type { Plan, PlanReporter } from '../../plan/plan.ts';
import type { PluginRegistry } from '../../plugins/registry.ts';
import { createMask } from '../../run/local/masking/mask-secrets.ts';
import type { RunStore } from '../../run/store/run-store.ts';
import { decode, type SecretTexts } from '../../schema/decode.ts';
import { messageOf, shorten } from '../../util/phrases.ts';
import type { OpenedStore } from '../record/open-store.ts';
import { readRunAsItIs } from '../record/read-recorded-run.ts';
import { timeLimit } from '../../util/time-limit.ts';
import { withReadContexts } from './read-contexts.ts';

/** A run with everything that is needed to execute it. */
export interface LoadedRun {
  readonly store: RunStore;
  readonly run: string;
  readonly plan: Plan;
  readonly registry: PluginRegistry;
  /** Folder of the pipeline file. */
  readonly workdir: string;
}

/**
 * Runs when the lease is given back, so that nobody waits for it: notifies the reporters of the file, and writes the report where one was
 * asked for. A failure here is printed and does not change how the run ended.
 */
export async function reportAfterwards(run: OpenedStore & LoadedRun, secrets: SecretTexts, report: string | undefined): Promise<void> {
  if (run.plan.reporters !== undefined) await orPrint(notifyReporters(run, secrets));
  if (report === undefined) return;
  const { writeHtmlReport } = await import('../record/write-html-report.ts');
  await orPrint(writeHtmlReport(run, run.run, report));
}

const orPrint = (reporting: Promise<unknown>): Promise<unknown> =>
  reporting.catch((error: unknown) => void process.stderr.write(`${messageOf(error)}\n`));

/** How long a reporter may take, and how long after a signal has interrupted the run. */
const [timeoutMs, timeoutAtSignalMs] = [10_000, 2_000];

/**
 * Hands the reporters of the file everything that happened in a run, from the record. One that fails or does not finish is a line on
 * standard error, and changes nothing.
 */
async function notifyReporters(run: LoadedRun, secrets: SecretTexts): Promise<void> {
  const events = await eventsOf(run);
  const call = callFor(run.registry.reporters, events, secrets);
  const limitMs = events.at(-1)?.type === 'interrupted' ? timeoutAtSignalMs : timeoutMs;
  const mask = createMask(secrets);
  const print = (line: string): void => void process.stderr.write(`${shorten(mask.text(line))}\n`);
  await withReadContexts({ ...run, mask }, async (contextFor) => {
    const notify = async (reporter: PlanReporter): Promise<void> => {
      const limit = timeLimit(limitMs);
      const context = contextFor(reporter.uses, limit.signal, (line) => print(`${reporter.uses}: ${line}`));
      const failure = await Promise.race([whyFailed(call(reporter, context)), limit.isOver]).finally(limit.callOff);
      if (failure !== undefined) print(`${reporter.uses} did not report this run: ${failure}`);
    };
    await Promise.all((run.plan.reporters ?? []).map(notify));
  });
}

async function eventsOf({ store, run }: LoadedRun): Promise<readonly ReportedEvent[]> {
  const row = await store.findRun(run);
  return row ? (await readRunAsItIs(store, row)).events : [];
}

type Call = (reporter: PlanReporter, context: ReadContext) => Promise<void>;

function callFor(types: ReadonlyMap<string, ReporterType>, events: readonly ReportedEvent[], secrets: SecretTexts): Call {
  return async ({ uses, with: settings }, context) => {
    const type = types.get(uses);
    if (!type) throw new Error('no installed plugin provides it.');
    // Nothing in it comes later: reporters read only inputs and secrets.
    await type.report(decode(type.with, settings as Json, secrets), events, context);
  };
}

const whyFailed = (reporting: Promise<void>): Promise<string | undefined> => reporting.then(() => undefined, messageOf);
