import { StepError, type RunContext } from 'relpipe/plugin';
import { checkSide, defaultHealthCheck } from '../relpipe-router/health.ts';
import type { RouterSide } from '../routers/router.ts';
import { serversOf } from '../weights/join-sides.ts';
import type { ReadyConfig, ReadyOutputs } from './ready.ts';

/** Waits for one side after the other. @throws {StepError} `TRAFFIC_SIDE_NOT_READY` */
export async function runReady(config: ReadyConfig, context: RunContext<unknown>): Promise<ReadyOutputs> {
  const router = await config.router.open(context);
  const reading = await router.read();
  const names = config.sides.flatMap((side) => serversOf(side, router, reading));
  const answers = config['in-a-row'] ?? 1;
  const until = context.clock.now() + (config.within ?? 30_000);
  for (const side of reading.sides.filter(({ name }) => names.includes(name))) await untilReady(side, config, answers, until, context);
  return { answers };
}

async function untilReady(
  side: RouterSide,
  { path }: ReadyConfig,
  wanted: number,
  until: number,
  context: RunContext<unknown>,
): Promise<void> {
  const { clock, signal } = context;
  const { hostname, port } = new URL(side.url);
  const origin = { url: side.url, host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port === '' ? 80 : port) };
  const check = { ...defaultHealthCheck, ...(path !== undefined && { path }) };
  for (let good = 0; good < wanted; ) {
    signal.throwIfAborted();
    const because = await checkSide(origin, check);
    good = because === undefined ? good + 1 : 0;
    context.progress({ done: good, of: wanted, unit: 'answers', note: side.name });
    if (because === undefined) continue;
    if (clock.now() >= until) throw notReady(side, because);
    await clock.sleep(pollMs);
  }
}

const pollMs = 250;

const notReady = ({ name, url }: RouterSide, because: string) =>
  new StepError('TRAFFIC_SIDE_NOT_READY', `The side ${name} (${url}) is not ready: ${because}.`, {
    hint: 'Read the log of its server; the side gets no traffic before it answers.',
  });
