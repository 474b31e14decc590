import { combineReporters } from '../../report/combine-reporters.ts';
import { githubOutputReporter } from '../../report/github-output.ts';
import { githubSummaryReporter } from '../../report/github-summary.ts';
import { jsonLinesReporter } from '../../report/json-lines-reporter.ts';
import { lineReporter } from '../../report/lines/line-reporter.ts';
import type { Reporter } from '../../report/events/run-event.ts';
import type { NextCommands } from '../../report/text/next-commands.ts';
import { wantsColor } from '../../report/text-sink.ts';
import { systemClock } from '../../run/local/steady-clock.ts';

/** The reporters of this process: a live tree on a terminal, plain lines elsewhere, JSON where it is asked for; and the CI system's own. */
export async function openReporters(options: { readonly json?: boolean }, next: NextCommands): Promise<Reporter> {
  const { env, stdout: out } = process;
  const isGithub = env['GITHUB_ACTIONS'] === 'true';
  const readers = [options.json ? jsonLinesReporter(out) : await screenReporter(isGithub, next)];
  const summary = env['GITHUB_STEP_SUMMARY'];
  if (summary) readers.push(githubSummaryReporter(summary, next));
  const outputs = env['GITHUB_OUTPUT'];
  if (outputs) readers.push(githubOutputReporter(outputs));
  return combineReporters(readers, (sentence) => void process.stderr.write(`${sentence}\n`));
}

async function screenReporter(github: boolean, next: NextCommands): Promise<Reporter> {
  const { env, stdout: out } = process;
  if (!out.isTTY || env['CI'] || env['TERM'] === 'dumb') return lineReporter({ out, github, next, color: wantsColor(out, env) });
  const { terminalReporter } = await import('../../report/terminal/terminal-reporter.ts');
  return terminalReporter({ out, env, next, now: () => systemClock.now() });
}
