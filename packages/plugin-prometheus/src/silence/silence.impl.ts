import {
  isFullyKnown,
  StepError,
  unknownUntilRun,
  type Finding,
  type PlannedConfig,
  type Preview,
  type Probe,
  type ProbeContext,
  type ReadContext,
  type RollbackContext,
  type RunContext,
} from 'relpipe/plugin';
import { parseMatchers } from '../selector/matcher.ts';
import { verifyKnown } from '../verify-known.ts';
import { Alertmanager, postableMatcher } from './alertmanager.ts';
import type { SilenceConfig, SilenceOutputs, SilenceSchema, SilenceState } from './silence.ts';

/** Parses the matchers and reads the version of the Alertmanager. */
export const verify = (planned: PlannedConfig<SilenceSchema>, context: ReadContext): Promise<readonly Finding[]> =>
  verifyKnown<SilenceSchema>(planned, async (config) => {
    // Alertmanager refuses such a silence, because it would silence everything.
    if (parseMatchers(config.matchers).every(({ matches }) => matches(''))) throw silencesEverything();
    await new Alertmanager(config, context).version();
    return [];
  });

const silencesEverything = () =>
  new StepError('PROMETHEUS_MATCHER_INVALID', 'Every matcher also matches a missing label, so the silence would cover all alerts.', {
    hint: 'Add a matcher that requires a label, e.g. alertname="ApiDown".',
  });

export async function preview(config: PlannedConfig<SilenceSchema>): Promise<Preview> {
  const rollback = 'ends the silence';
  if (isFullyKnown<SilenceSchema>(config)) {
    return { change: `silence ${config.matchers.join(', ')} for ${config.for / 60_000} min: ${config.reason}`, rollback };
  }
  return { change: 'silence alerts', rollback, unknownUntilRun: unknownUntilRun(config) };
}

/** Whether a lost attempt created its silence. */
export async function probe(config: SilenceConfig, context: ProbeContext<SilenceState>): Promise<Probe<SilenceOutputs>> {
  const { saved } = context;
  if (!saved) return { found: 'not-done' }; // It was lost before its request.
  const [own] = await new Alertmanager(config, context).activeWith(saved.mark);
  return own ? { found: 'done', output: { id: own.id, until: own.endsAt } } : { found: 'not-done' };
}

/** Creates the silence once: a second attempt first checks whether the server processed the first one. */
export async function run(config: SilenceConfig, context: RunContext<SilenceState>): Promise<SilenceOutputs> {
  const alertmanager = new Alertmanager(config, context);
  const { mark } = context.saved ?? { mark: `[relpipe ${context.idempotencyKey}]` };
  await context.saveState({ mark });
  const [own] = context.saved ? await alertmanager.activeWith(mark) : [];
  const silence = own ? { id: own.id, until: own.endsAt } : await create(config, mark, alertmanager, context.clock.now());
  context.log(`silence ${silence.id} until ${silence.until}`);
  return silence;
}

async function create(config: SilenceConfig, mark: string, alertmanager: Alertmanager, now: number): Promise<SilenceOutputs> {
  const until = iso(now + config.for);
  const id = await alertmanager.create({
    matchers: parseMatchers(config.matchers).map(postableMatcher),
    startsAt: iso(now),
    endsAt: until,
    createdBy: config.author,
    comment: `${config.reason} ${mark}`,
  });
  return { id, until };
}

const iso = (at: number): string => new Date(at).toISOString();

/** Ends every silence that this step created, also one whose id was lost. A silence that has ended already is left alone. */
export async function rollback(config: SilenceConfig, context: RollbackContext<SilenceState, SilenceOutputs>): Promise<void> {
  const { saved } = context;
  if (!saved) return; // No silence was requested.
  const alertmanager = new Alertmanager(config, context);
  for (const { id } of await alertmanager.activeWith(saved.mark)) {
    await alertmanager.expire(id);
    context.log(`ended silence ${id}`);
  }
}

/** Ends the silence at the end of the run, unless it is kept. */
export async function teardown(config: SilenceConfig, context: RollbackContext<SilenceState, SilenceOutputs>): Promise<void> {
  if (config.keep !== true) await rollback(config, context);
}
