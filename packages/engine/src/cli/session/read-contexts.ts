import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadContext } from '../../contract/index.ts';
import type { Plan } from '../../plan/plan.ts';
import { systemClock } from '../../run/local/steady-clock.ts';
import type { Mask } from '../../run/local/masking/mask-secrets.ts';
import { ProcessRegistry } from '../../run/local/process/process-registry.ts';
import { readContext } from '../../run/local/tasks/task-context.ts';
import { workdirOf } from '../../run/local/tasks/workdir-of.ts';
import { environmentWithout } from '../../run/local/tasks/workplace.ts';

export type ContextFor = (key: string, signal: AbortSignal, log: (line: string) => void) => ReadContext;

interface Surroundings {
  /** Goes into the environment of its processes: the id of a run, or a word. */
  readonly run: string;
  readonly plan: Plan;
  /** Folder of the pipeline file. */
  readonly workdir: string;
  readonly mask: Mask;
}

/** Contexts for functions of plugins that run outside of the tasks of a run. Their processes are registered for as long as that lasts. */
export async function withReadContexts<T>({ run, plan, workdir, mask }: Surroundings, use: (contextFor: ContextFor) => Promise<T>): Promise<T> {
  const registryFile = join(tmpdir(), `relpipe-${run}-${String(process.pid)}.jsonl`);
  const processes = new ProcessRegistry(registryFile);
  const deps = { run, workdir, environment: environmentWithout(plan), processes, mask, clock: systemClock };
  try {
    return await use((key, signal, log) => readContext({ ...deps, workdir: workdirOf(plan, workdir, key) }, `${key}!check.1`, signal, log));
  } finally {
    processes.close();
    rmSync(registryFile, { force: true });
  }
}
