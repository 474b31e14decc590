import { isDeepStrictEqual } from 'node:util';
import {
  isFullyKnown,
  isLater,
  isStepError,
  StepError,
  type Finding,
  type PlannedConfig,
  type ReadContext,
  type RunContext,
  type RollbackContext,
} from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import type { PreviewMatch, RouterReading, WeightKeeper } from '../routers/router.ts';
import { prepareNextStart, withHints } from '../weights/next-start.ts';
import { serversOf } from '../weights/join-sides.ts';
import type { SideSetting } from '../weights/side-setting.ts';
import type { MatchSetting, previewConfig, PreviewConfig, PreviewOutputs, PreviewState } from './preview.ts';

/** The router answers, knows the side, and can match requests. */
export async function verifyPreview(
  { router: provided, candidate }: PlannedConfig<typeof previewConfig>,
  context: ReadContext,
): Promise<readonly Finding[]> {
  if (isLater(provided)) return [];
  try {
    const router = await provided.open(context);
    refuseUnsupported(router);
    const reading = await router.read();
    const given = { candidate };
    if (isFullyKnown(given)) onlyServerOf(given.candidate, router, reading);
    return [];
  } catch (error) {
    return [{ ...findingFrom(error), level: 'error' }];
  }
}

/** Saves the preview that was set before, then sets this one. */
export async function runPreview(
  { router: provided, candidate, match }: PreviewConfig,
  context: RunContext<PreviewState>,
): Promise<PreviewOutputs> {
  const router = await provided.open(context);
  const reading = await router.read();
  const side = onlyServerOf(candidate, router, reading);
  await context.saveState(context.saved ?? { previous: reading.preview === undefined ? '' : JSON.stringify(reading.preview) });
  await setPreview(router, { side, ...matchFrom(match) });
  context.log(`Requests with the ${Object.entries(match).map(([by, what]) => `${by} ${what}`).join()} get ${side}.`);
  return { side };
}

function matchFrom({ header, cookie }: MatchSetting): Omit<PreviewMatch, 'side'> {
  const [by, text, separator] = header === undefined ? (['cookie', cookie ?? '', '='] as const) : (['header', header, ':'] as const);
  const at = text.indexOf(separator);
  return at === -1 ? { by, name: text } : { by, name: text.slice(0, at), value: text.slice(at + 1).trim() };
}

/** Restores the preview that was set before: in a dead router, for its next start. One that somebody else has set since stays. */
export async function teardownPreview(config: PreviewConfig, context: RollbackContext<PreviewState, PreviewOutputs>): Promise<void> {
  if (context.saved === undefined) return;
  const previous = context.saved.previous === '' ? undefined : (JSON.parse(context.saved.previous) as PreviewMatch);
  const router = await config.router.open(context);
  try {
    await restorePreview(router, previous, config, context);
  } catch (error) {
    if (!isStepError(error)) throw error;
    const candidate = [config.candidate].flat().join(' + ');
    const prepare = async (start: WeightKeeper) => printMatch(await restorePreview(start, previous, config, context));
    throw withHints(error, await prepareNextStart(router, candidate, prepare));
  }
}

/** Returns what is set then. */
async function restorePreview(
  router: WeightKeeper,
  previous: PreviewMatch | undefined,
  config: PreviewConfig,
  { output, log }: Pick<RollbackContext<PreviewState, PreviewOutputs>, 'output' | 'log'>,
): Promise<PreviewMatch | undefined> {
  const reading = await router.read();
  const { preview } = reading;
  if (isDeepStrictEqual(preview, previous)) return previous;
  const isOwn = (side: string): boolean => isDeepStrictEqual(preview, { side, ...matchFrom(config.match) });
  if ((output === undefined ? serversOf(config.candidate, router, reading) : [output.side]).some(isOwn)) {
    await setPreview(router, previous);
    return previous;
  }
  log(`The preview of ${router.name} stays: somebody else has changed it, and ${printMatch(preview)}.`);
  return preview;
}

function printMatch(match: PreviewMatch | undefined): string {
  return match === undefined ? 'it has no preview' : `requests with the ${match.by} ${match.name} get ${match.side}`;
}

/** @throws {StepError} `TRAFFIC_PREVIEW_UNSUPPORTED` */
async function setPreview(router: WeightKeeper, match: PreviewMatch | undefined): Promise<void> {
  refuseUnsupported(router);
  await router.setPreview?.(match);
}

/** @throws {StepError} `TRAFFIC_SIDE_UNKNOWN`, `TRAFFIC_PREVIEW_UNSUPPORTED` where the side is several servers */
function onlyServerOf(side: SideSetting, router: WeightKeeper, reading: RouterReading): string {
  const [server = '', ...others] = serversOf(side, router, reading);
  if (others.length === 0) return server;
  throw new StepError('TRAFFIC_PREVIEW_UNSUPPORTED', `${router.name} sends matching requests to one server, not to ${others.length + 1}.`, {
    hint: `Use one of the servers as \`candidate\` of the preview: ${[server, ...others].join(', ')}.`,
  });
}

/** @throws {StepError} `TRAFFIC_PREVIEW_UNSUPPORTED` */
function refuseUnsupported(router: WeightKeeper): void {
  if (router.setPreview !== undefined) return;
  throw new StepError('TRAFFIC_PREVIEW_UNSUPPORTED', `${router.name} cannot send matching requests to a side through relpipe.`, {
    hint: 'Leave the preview out and configure it in the router itself, or use the embedded router.',
  });
}
