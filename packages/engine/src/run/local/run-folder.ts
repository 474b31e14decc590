import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { StepKey } from '../../plan/plan.ts';
import type { TaskOp } from '../core/operation.ts';

type Attempt = Pick<TaskOp, 'step' | 'verb' | 'attempt'>;

/** The files of one run: `.relpipe/runs/ID/`. Paths only; who writes makes the folders. */
export interface RunFolder {
  readonly path: string;
  /** `logs/STEP/VERB.ATTEMPT.log`. */
  logFile(attempt: Attempt): string;
  /** `logs/STEP/watch.GATE.log`. */
  watchFile(step: StepKey, gate: string): string;
  /** `artifacts/STEP`: the files that the run keeps of a step. */
  artifacts(step: StepKey): string;
  /** Where a command writes its outputs and its state. */
  readonly exchange: string;
  outputFile(attempt: Attempt): string;
  stateFile(attempt: Attempt): string;
  /** Process groups that tasks have started. */
  readonly processes: string;
}

export function runFolder(relpipeFolder: string, run: string): RunFolder {
  const path = join(relpipeFolder, 'runs', run);
  const exchange = join(path, 'exchange');
  const exchanged = ({ step, verb, attempt }: Attempt, what: string) => join(exchange, `${fileNameOf(step)}.${verb}.${attempt}.${what}`);
  return {
    path,
    exchange,
    processes: join(path, 'processes.jsonl'),
    logFile: ({ step, verb, attempt }) => join(path, 'logs', fileNameOf(step), `${verb}.${attempt}.log`),
    watchFile: (step, gate) => join(path, 'logs', fileNameOf(step), `watch.${fileNameOf(gate)}.log`),
    artifacts: (step) => join(path, 'artifacts', fileNameOf(step)),
    outputFile: (attempt) => exchanged(attempt, 'output'),
    stateFile: (attempt) => exchanged(attempt, 'state'),
  };
}

const longestName = 120;

/** `a/b` becomes `a__b`; long keys, and those that could be mistaken for another one, get a hash at the end. */
function fileNameOf(key: string): string {
  const name = key.replaceAll('/', '__').replace(/[^\w.-]/g, '_');
  if (name.replaceAll('__', '/') === key && name.length <= longestName) return name;
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return `${name.slice(0, longestName)}-${hash}`;
}
