import type { HistoryEntry } from '../../expressions/scope.ts';
import type { RunStore } from '../../run/store/run-store.ts';
import { readRecordedRun } from './read-recorded-run.ts';

/** The pipeline that asks for earlier runs, in an environment if it has any. */
interface Asking {
  readonly pipeline: string;
  readonly environment: string | undefined;
}

/**
 * Up to `count` complete runs of a pipeline that are still in effect, the newest first. `asked`: `NAME` in the environment of who asks, or
 * `NAME/ENVIRONMENT`. Another pipeline without environments has one history for all of them.
 */
export async function readHistory(store: RunStore, asked: string, count: number, { pipeline, environment }: Asking): Promise<readonly HistoryEntry[]> {
  const slash = asked.lastIndexOf('/');
  const [name, wanted] = slash === -1 ? [asked, environment] : [asked.slice(0, slash), asked.slice(slash + 1)];
  const entries: HistoryEntry[] = [];
  for (const row of (await store.runs()).toReversed()) {
    if (entries.length >= count) break;
    if (row.name !== name || row.state !== 'over' || row.outcome !== 'succeeded') continue;
    const { plan, events } = await readRecordedRun(store, row.id);
    const isOfAll = plan.environment === undefined && slash === -1 && name !== pipeline;
    if (plan.until !== undefined || (plan.environment !== wanted && !isOfAll)) continue;
    const over = events.findLast((event) => event.type === 'run-over');
    entries.push({ run: row.id, inputs: plan.inputs, outputs: over?.outputs ?? {}, types: plan.types.inputs });
  }
  return entries;
}
