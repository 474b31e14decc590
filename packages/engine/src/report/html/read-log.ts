import type { TaskOp } from '../../run/core/op.ts';

/** The last lines that an attempt has printed; none where it printed nothing, or its log is gone. */
export type ReadLog = (attempt: Pick<TaskOp, 'step' | 'verb' | 'attempt'>) => readonly string[];
