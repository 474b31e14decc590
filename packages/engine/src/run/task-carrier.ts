import type { Json } from '../contract/index.ts';
import type { FactBody } from './core/fact.ts';
import type { OpKey, TaskOp } from './core/operation.ts';

/** Executes the tasks of a run: in this process, or on other machines. What comes of a task goes to the sink that the carrier was given. */
export interface TaskCarrier {
  /** Starts a recorded task. Its last fact is `ended`. */
  start(op: TaskOp): void;
  /** Asks a task to stop; whatever it reports afterwards, it ends as cancelled. */
  cancel(key: OpKey): void;
  /** Takes up tasks that a previous driver left open. One whose process is gone ends as lost, once nothing of it runs any more. */
  takeUp(ops: readonly TaskOp[]): void;
  /** Asks every task of this driver to stop; resolves when all have ended. */
  stop(): Promise<void>;
  /** Ends whatever still runs before it returns. These tasks stay open in the record, and are lost for the next driver. */
  kill(): void;
}

/** Where a carrier reports. */
export interface TaskSink {
  readonly onBody: (body: FactBody) => void;
  /** Resolves when the state is durable; rejects when it cannot be recorded. */
  readonly saveState: (key: OpKey, state: Json) => Promise<void>;
  /** For what cannot be recorded as the result of a task: it ends the driver. */
  readonly onBroken: (error: unknown) => void;
}
