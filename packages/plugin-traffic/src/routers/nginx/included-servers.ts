import { realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { StepError } from 'relpipe/plugin';
import { fileNotRead, type NginxSetup } from './nginx-master.ts';
import type { UpstreamFile } from './upstream-file.ts';
import { findBlock } from './upstream-servers.ts';

/**
 * A file of servers is all of an upstream only where the upstream includes it and nothing else.
 * @throws {StepError} `TRAFFIC_NGINX_FILE_NOT_READ`, `TRAFFIC_NGINX_SERVERS_INCLUDED`
 */
export async function requireOnlySource({ path, upstream }: UpstreamFile, { directives, files, main }: NginxSetup): Promise<void> {
  const block = findBlock(directives, upstream);
  if (block === undefined) throw fileNotRead(path);
  const patterns = block.flatMap(({ words: [kind, file] }) => (kind?.text === 'include' && file !== undefined ? [file.text] : []));
  const sources = await Promise.all(patterns.map((pattern) => filesOf(resolve(dirname(main), pattern), files)));
  if (!sources.flat().includes(path)) throw notIncluded(path, upstream);
  const hasServers = block.some(({ words: [kind] }) => kind?.text === 'server');
  if (hasServers || sources.flat().length > 1) throw otherServers(path, upstream);
}

/** The files that nginx reads for an `include`, links followed. */
async function filesOf(pattern: string, files: readonly string[]): Promise<readonly string[]> {
  if (!/[*?[]/.test(pattern)) return [await realpath(pattern).catch(() => pattern)];
  const expression = pattern.replaceAll(/[^\w*?]/g, '\\$&').replaceAll('*', '[^/]*').replaceAll('?', '[^/]');
  return files.filter((file) => new RegExp(`^${expression}$`).test(file));
}

const notIncluded = (path: string, upstream: string) =>
  new StepError('TRAFFIC_NGINX_FILE_NOT_READ', `The upstream ${upstream} of nginx does not include ${path}.`, {
    hint: 'Set `config` to the file that has the upstream, or that the upstream includes.',
  });

const otherServers = (path: string, upstream: string) =>
  new StepError('TRAFFIC_NGINX_SERVERS_INCLUDED', `The upstream ${upstream} of nginx also gets servers from elsewhere than ${path}.`, {
    hint: 'Write all of its servers into one file: a share is a part of all of them.',
  });
