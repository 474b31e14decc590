import type { OpenedJournal } from './journal-at.ts';
import type { ToldRun } from './tell-reporters.ts';

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
    const { tellReporters } = await import('./tell-reporters.ts');
    await orSayWhy(tellReporters(told, secrets));
  }
  if (report !== undefined) {
    const { writeHtmlReport } = await import('./write-html-report.ts');
    await orSayWhy(writeHtmlReport(told, told.run, report));
  }
}

const orSayWhy = (telling: Promise<unknown>): Promise<unknown> =>
  telling.catch((error: unknown) => void process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`));
