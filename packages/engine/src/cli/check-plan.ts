import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import type { ReadContext } from '../contract/index.ts';
import { verifyPlan, type PlanCheck } from '../plan/verify-plan.ts';
import { systemClock } from '../run/local/clock.ts';
import { ProcessBook } from '../run/local/tasks/process-book.ts';
import { readContext } from '../run/local/tasks/task-context.ts';
import { environmentWithout } from '../run/local/tasks/task-variables.ts';
import { inOrder } from '../validate/validate-pipeline.ts';
import type { MadePlan } from './make-plan.ts';

/** How long one look at the world may take before the run. */
const longestLookMs = 30_000;

/** Asks every step type and metric type to look at the world, before anything starts; shows what they found. */
export async function checkPlan({ plan, pipeline, show }: MadePlan): Promise<PlanCheck> {
  const bookFile = join(tmpdir(), `relpipe-check-${String(process.pid)}.jsonl`);
  const book = new ProcessBook(bookFile);
  const deps = { run: 'check', workdir: pipeline.folder, environment: environmentWithout(plan.secrets), book, clock: systemClock };
  const contextFor = (key: string): ReadContext => readContext(deps, `${key}!check.1`, AbortSignal.timeout(longestLookMs), () => undefined);
  try {
    const check = await verifyPlan(plan, pipeline, { contextFor, secrets: secretsAtHand(plan.secrets) });
    show(inOrder(check.findings));
    return check;
  } finally {
    book.close();
    rmSync(bookFile, { force: true });
  }
}

/** What stops a run before it starts. */
export const isRefused = ({ findings }: PlanCheck): boolean => findings.some(({ severity }) => severity === 'error');

function secretsAtHand(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
