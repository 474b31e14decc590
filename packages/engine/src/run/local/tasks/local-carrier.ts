import { parseValues } from '../../../builtin/command-values.ts';
import type { Json } from '../../../contract/index.ts';
import { readIfThere } from '../../../toolkit/files.ts';
import { messageOf } from '../../../util/phrases.ts';
import type { OpKey, TaskOp } from '../../core/operation.ts';
import type { TaskCarrier, TaskSink } from '../../task-carrier.ts';
import { findSecret } from '../masking/mask-json.ts';
import { signalGroup } from '../process/process-group.ts';
import { groupsOf } from '../process/list-processes.ts';
import { endLeftovers, findLeftovers, type Leftovers } from '../process/process-registry.ts';
import { removeExchanged, removeForgotten } from './exchange-files.ts';
import { startTask, type RunningTask } from './start-task.ts';
import { attemptLog } from './step-log.ts';
import type { Workplace } from './workplace.ts';

/** Executes tasks in this process, and their commands on this machine. */
export class LocalCarrier implements TaskCarrier {
  readonly #workplace: Workplace;
  readonly #sink: TaskSink;
  readonly #tasks = new Map<OpKey, RunningTask>();

  constructor(workplace: Workplace, sink: TaskSink) {
    this.#workplace = workplace;
    this.#sink = sink;
  }

  start(op: TaskOp): void {
    const task = startTask(op, { ...this.#workplace, workdir: this.#workplace.workdirOf(op.step), saveState: this.#sink.saveState });
    this.#tasks.set(op.key, task);
    task.done.then((result) => {
      this.#tasks.delete(op.key);
      this.#sink.onBody({ fact: 'ended', key: op.key, result });
    }, this.#sink.onBroken);
  }

  cancel(key: OpKey): void {
    this.#tasks.get(key)?.stop('cancelled');
  }

  takeUp(ops: readonly TaskOp[]): void {
    removeForgotten(ops, this.#workplace.folder);
    if (ops.length === 0) return;
    // Once for all of them: the registry has three lines for each command of the run.
    const left = findLeftovers(this.#workplace.run, this.#workplace.folder.processes);
    for (const op of ops) this.#takeUp(op, left).catch(this.#sink.onBroken);
  }

  async stop(): Promise<void> {
    const tasks = [...this.#tasks.values()];
    for (const task of tasks) task.stop('interrupted');
    await Promise.all(tasks.map(({ done }) => done));
  }

  kill(): void {
    const { run, processes } = this.#workplace;
    const ops = new Set([...this.#tasks.keys(), ...processes.runningOps()]);
    const daemons = ops.size > 0 ? groupsOf(run, ops) : [];
    for (const leader of new Set([...processes.running(), ...daemons])) signalGroup(leader, 'SIGKILL');
  }

  /** Reports the state that its command wrote and nobody recorded, and that it was lost. Then its files go: they may hold secrets. */
  async #takeUp(op: TaskOp, left: Leftovers): Promise<void> {
    await endLeftovers(op.key, left);
    const state = op.verb === 'run' ? await leftState(op, this.#workplace) : undefined;
    const durable = state === undefined ? undefined : this.#sink.saveState(op.key, state);
    this.#sink.onBody({ fact: 'ended', key: op.key, result: { status: 'lost' } });
    await durable;
    removeExchanged(op, this.#workplace.folder);
  }
}

async function leftState(op: TaskOp, workplace: Workplace): Promise<Json | undefined> {
  const text = (await readIfThere(workplace.folder.stateFile(op), 'utf8')) ?? '';
  if (text.trim() === '') return undefined;
  try {
    const state = parseValues(text, 'RELPIPE_STATE');
    const secret = findSecret(workplace.mask, state);
    if (secret === undefined) return state;
    logLine(op, workplace, `The state this attempt left behind contains the secret ${secret} and was not recorded.`);
  } catch (error) {
    logLine(op, workplace, `The state this attempt left behind was not recorded: ${messageOf(error)}`);
  }
  return undefined;
}

function logLine(op: TaskOp, workplace: Workplace, text: string): void {
  const log = attemptLog(op, workplace);
  log.line(text);
  log.close();
}
