import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { ReadContext } from 'relpipe/plugin';
import { tryDocker, type Cli } from '../cli/docker.ts';
import { logLines } from '../cli/log-lines.ts';
import { nameOf, type Container } from './inspect-containers.ts';
import { shortKey } from './own-label.ts';

const lastLines = 20;

/**
 * Writes what containers have said into a file of the step, and its last lines into the step's log.
 * @returns the file, from the folder of the pipeline file
 */
export async function keepLogs(containers: readonly Container[], cli: Cli, key: string): Promise<string> {
  const { context } = cli;
  const file = logFile(key, context);
  const parts: string[] = [];
  for (const container of containers) {
    const { stdout, stderr } = await tryDocker(['container', 'logs', '--timestamps', container.Id], cli);
    const said = [stdout, stderr].filter((text) => text !== '').join('\n');
    logLines(said.split('\n').slice(-lastLines).join('\n'), context);
    parts.push(`# ${nameOf(container)} (${container.Config.Image}): ${container.State.Status}, exit code ${container.State.ExitCode}\n${said}\n`);
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, context.mask(parts.join('\n')));
  return relative(context.workdir, file);
}

const logFile = (key: string, { workdir }: ReadContext): string =>
  join(resolve(workdir, '.relpipe', 'logs'), `docker-${shortKey(key)}.log`);
