import { spawn } from 'node:child_process';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { findRouter, type FoundRouter } from './find-router.ts';
import { messageOf } from './message-of.ts';
import { readLastWords } from './read-last-words.ts';
import { RouterError } from './router-error.ts';
import { routerProgram } from './router-program.ts';
import { printFlags, type RouterFlags } from './settings/router-flags.ts';
import { untilReady } from './until-ready.ts';

/**
 * Starts a router as a process of its own, in a session of its own, that outlives this one, and resolves when it answers. What it
 * says is in the state file's name with `.log` behind it.
 * @throws RouterError what the router itself says when it ends instead; TRAFFIC_ROUTER_NOT_STARTED
 */
export async function startRouter(flags: RouterFlags, signal?: AbortSignal): Promise<FoundRouter> {
  signal?.throwIfAborted();
  const logFile = `${flags.state}.log`;
  await using log = await openLog(logFile);
  const { size } = await log.stat();
  const child = spawn(process.execPath, [routerProgram(), ...printFlags(flags)], {
    detached: true,
    // The folder and the secrets of a release end with it.
    cwd: dirname(flags.state),
    env: environmentFrom(process.env),
    stdio: ['ignore', log.fd, log.fd],
  });
  child.unref();
  try {
    return await untilReady(child, () => findRouter(flags.state, signal), signal);
  } catch (error) {
    child.kill();
    throw signal?.aborted === true ? error : await readLastWords(logFile, size, error);
  }
}

async function openLog(file: string): Promise<FileHandle> {
  try {
    await mkdir(dirname(file), { recursive: true });
    return await open(file, 'a', 0o600);
  } catch (error) {
    throw new RouterError('TRAFFIC_ROUTER_NOT_STARTED', `The router's log cannot be written: ${messageOf(error)}.`, 'Give a state file in a folder where you may write.');
  }
}

const environmentFrom = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(inherited.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])));

const inherited = ['PATH', 'SystemRoot', 'RELPIPE_ROUTER_TOKEN'];
