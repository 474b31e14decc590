import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  isLater,
  isFullyKnown,
  plannedText,
  StepError,
  unknownUntilRun,
  type Finding,
  type PlannedConfig,
  type Preview,
  type Probe,
  type ProbeContext,
  type ReadContext,
  type RunContext,
} from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import { findRouter, type FoundRouter } from '../relpipe-router/connect-router.ts';
import { checkSide, defaultHealthCheck } from '../relpipe-router/health.ts';
import { RouterError } from '../relpipe-router/router-error.ts';
import type { RouterSettings } from '../relpipe-router/settings.ts';
import { startRouter, type RouterFlags } from '../relpipe-router/start-router.ts';
import { firstWeights } from '../relpipe-router/state/first-weights.ts';
import { readState } from '../relpipe-router/state/state-file.ts';
import { asStepError } from '../routers/embedded/as-step-error.ts';
import type { routerConfig, RouterConfig, RouterOutputs } from './router.ts';
import { differences, refuseOther, stateFileOf, wantedRouter, type WantedRouter } from './wanted-router.ts';

type PlannedRouter = PlannedConfig<typeof routerConfig>;

/** The wanted router is running, or can be started: its settings are valid, its state file is for these sides, its port is free. */
export async function verifyRouter(config: PlannedRouter, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof routerConfig>(config)) return [notChecked];
  try {
    await asStepError(() => check(config, context));
    return [];
  } catch (error) {
    return [{ ...findingFrom(error), level: 'error' }];
  }
}

async function check(config: RouterConfig, { workdir, signal, clock }: ReadContext): Promise<void> {
  const wanted = wantedRouter(config, workdir);
  const { settings } = wanted;
  const found = await findRouter(settings.stateFile, signal);
  if (found !== undefined) {
    refuseOther(wanted, found);
    return;
  }
  firstWeights(settings, await readState(settings.stateFile), new Date(clock.now()).toISOString());
  await refuseTakenPort(settings);
}

/** Connects instead of listening: a listener would be in the way of a router that starts at this moment. */
async function refuseTakenPort({ listen: { host, port } }: RouterSettings): Promise<void> {
  if (port === 0) return;
  const failure = await checkSide({ url: '', host, port }, defaultHealthCheck);
  if (failure === undefined) throw portTaken(`${host}:${port}`);
}

const portTaken = (address: string) =>
  new StepError('TRAFFIC_ROUTER_NOT_LISTENING', `Another program listens on ${address}, and no router is running on this state file.`, {
    hint: 'Stop that program, set another `listen`, or set `state` to the state file of the router that listens there.',
  });

const notChecked: Finding = {
  level: 'warning',
  code: 'TRAFFIC_NOT_CHECKED',
  message: 'The router was not checked: a part of this step is known only when the run gets here.',
};

/** Whether a router is already running, or one is started and for which sides. */
export async function previewRouter(config: PlannedRouter, { workdir, signal }: ReadContext): Promise<Preview> {
  const isRunning = isFullyKnown<typeof routerConfig>(config) && (await findRouter(stateFileOf(config, workdir), signal)) !== undefined;
  return {
    change: isRunning
      ? 'leave the running router as it is'
      : `start a router on ${plannedText(config.listen)} for ${printSides(config.sides)}`,
    rollback: 'none: the router keeps running, so that no requests are lost; relpipe-router stop stops it',
    unknownUntilRun: unknownUntilRun(config),
  };
}

const printSides = (sides: PlannedRouter['sides']): string =>
  isLater(sides) ? plannedText(sides) : Object.entries(sides).map(([name, url]) => `${name} (${plannedText(url)})`).join(' and ');

/** Whether the wanted router is running. */
export async function probeRouter(config: RouterConfig, { workdir, signal }: ProbeContext<unknown>): Promise<Probe<RouterOutputs>> {
  const wanted = wantedRouter(config, workdir);
  const found = await asStepError(() => findRouter(wanted.flags.state, signal));
  if (found === undefined) return { found: 'not-done' };
  const others = differences(wanted, found);
  if (others.length === 0) return { found: 'done', output: reportRouter(wanted, found, false) };
  return { found: 'conflict', detail: `Another router is running on ${wanted.flags.state}: ${others.join('; ')}.` };
}

/**
 * Leaves a router alone that is running on the state file, or starts one.
 * @throws {StepError} `TRAFFIC_ROUTER_DIFFERS`, and the router's own errors
 */
export async function runRouter(config: RouterConfig, context: RunContext<unknown>): Promise<RouterOutputs> {
  const { workdir, signal } = context;
  const wanted = wantedRouter(config, workdir);
  const running = await asStepError(() => findRouter(wanted.flags.state, signal));
  const { router, started } =
    running === undefined ? await asStepError(() => startOrJoin(wanted.flags, signal)) : { router: running, started: false };
  refuseOther(wanted, router);
  const { pid, listen } = router.status;
  context.log(
    started
      ? `Process ${pid} listens on ${listen}; its log is ${wanted.flags.state}.log.`
      : `Process ${pid} on ${listen} was left as it is.`,
  );
  return reportRouter(wanted, router, started);
}

const reportRouter = ({ flags }: WantedRouter, { status }: FoundRouter, started: boolean): RouterOutputs => ({
  listen: status.listen,
  control: status.control,
  state: flags.state,
  pid: status.pid,
  started,
});

/** Starts the router, or waits for the one that another process is starting on the same state file at this moment. */
async function startOrJoin(flags: RouterFlags, signal: AbortSignal): Promise<{ readonly router: FoundRouter; readonly started: boolean }> {
  try {
    await provideFolder(flags.state);
    return { router: await startRouter(flags, signal), started: true };
  } catch (error) {
    const isTaken = error instanceof RouterError && error.code === 'TRAFFIC_ROUTER_ALREADY_RUNNING';
    const router = isTaken ? await untilFound(flags.state, signal) : undefined;
    if (router === undefined) throw error;
    return { router, started: false };
  }
}

/** Makes the folder of the state file; a new `.relpipe` is kept out of git, because it will hold the router's token. */
async function provideFolder(stateFile: string): Promise<void> {
  const folder = dirname(stateFile);
  const isNew = (await mkdir(folder, { recursive: true })) !== undefined;
  if (isNew && basename(folder) === '.relpipe') await writeFile(join(folder, '.gitignore'), '*\n');
}

/** Undefined when the process that holds the state file does not answer. */
async function untilFound(stateFile: string, signal: AbortSignal): Promise<FoundRouter | undefined> {
  for (const until = performance.now() + answersWithinMs; performance.now() < until; ) {
    const found = await findRouter(stateFile, signal);
    if (found !== undefined) return found;
    await sleep(pollMs, undefined, { signal });
  }
  return undefined;
}

const answersWithinMs = 10_000;
const pollMs = 50;
