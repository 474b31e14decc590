import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { ReadContext } from 'relpipe/plugin';
import { logLines } from './command.ts';
import { nameOf, shortKey, type Container } from './containers.ts';
import { tryDocker, type Cli } from './docker.ts';

const lastLines = 20;

/**
 * Writes the output of containers into a file of the step, and its last lines into the log of the step.
 * @returns the file, relative to the folder of the pipeline file
 */
export async function saveLogs(containers: readonly Container[], cli: Cli, key: string): Promise<string> {
  const { context } = cli;
  const file = logFile(key, context);
  const parts: string[] = [];
  for (const container of containers) {
    const { Id, State, Config } = container;
    const { stdout, stderr } = await tryDocker(['container', 'logs', '--timestamps', Id], cli);
    const output = [stdout, stderr].filter((text) => text !== '').join('\n');
    logLines(output.split('\n').slice(-lastLines).join('\n'), context);
    parts.push(`# ${nameOf(container)} (${Config.Image}): ${State.Status}, exit code ${State.ExitCode}\n${output}\n`);
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, context.mask(parts.join('\n')));
  return relative(context.workdir, file);
}

const logFile = (key: string, { workdir }: ReadContext): string =>
  join(resolve(workdir, '.relpipe', 'logs'), `docker-${shortKey(key)}.log`);
