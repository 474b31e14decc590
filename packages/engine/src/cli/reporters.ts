import { combineReporters } from '../report/combine-reporters.ts';
import { githubSummaryReporter } from '../report/github-summary.ts';
import { jsonLinesReporter } from '../report/json-lines-reporter.ts';
import { lineReporter } from '../report/lines/line-reporter.ts';
import type { Reporter } from '../report/events/run-event.ts';
import { wantsColor } from '../report/wants-color.ts';

/** Who tells about the run: a live tree on a terminal, plain lines elsewhere, JSON where it is asked for; and the CI system's own. */
export async function reportersFor(options: { readonly json?: boolean }): Promise<Reporter> {
  const { env, stdout: out } = process;
  const isGithub = env['GITHUB_ACTIONS'] === 'true';
  const readers = [options.json ? jsonLinesReporter(out) : await screenReporter(isGithub)];
  const summary = env['GITHUB_STEP_SUMMARY'];
  if (summary) readers.push(githubSummaryReporter(summary));
  return combineReporters(readers, (sentence) => void process.stderr.write(`${sentence}\n`));
}

async function screenReporter(github: boolean): Promise<Reporter> {
  const { env, stdout: out } = process;
  if (!out.isTTY || env['CI'] || env['TERM'] === 'dumb') return lineReporter({ out, github, color: wantsColor(out, env) });
  const { terminalReporter } = await import('../report/terminal/terminal-reporter.ts');
  return terminalReporter({ out, env, now: () => Date.now() });
}
