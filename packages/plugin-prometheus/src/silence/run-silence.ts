import type { RunContext } from 'relpipe/plugin';
import { parseMatchers } from '../matchers/parse-matchers.ts';
import { Alertmanager, postableMatcher } from './alertmanager.ts';
import type { Silenced, SilenceConfig, SilenceMark } from './silence-config.ts';

/** Makes the silence, once: a second attempt first looks whether the first one was heard. */
export async function runSilence(config: SilenceConfig, context: RunContext<SilenceMark>): Promise<Silenced> {
  const alertmanager = new Alertmanager(config, context);
  const { mark } = context.saved ?? { mark: `[relpipe ${context.idempotencyKey}]` };
  await context.saveState({ mark });
  const [standing] = context.saved ? await alertmanager.marked(mark) : [];
  const made = standing ? { id: standing.id, until: standing.endsAt } : await create(config, mark, alertmanager, context.clock.now());
  context.log(`silence ${made.id} until ${made.until}`);
  return made;
}

async function create(config: SilenceConfig, mark: string, alertmanager: Alertmanager, now: number): Promise<Silenced> {
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
