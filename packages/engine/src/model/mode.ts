/** What a run does: `forward`, then `rollback`, `stopping` or `frozen`, then `finally`; from `frozen` it may go `forward` again. */
export type Mode = 'forward' | 'rollback' | 'stopping' | 'frozen' | 'finally';

/** What follows a failure: `rollback`, wait for a person (`freeze`), leave the changes (`stop`), or continue without it (`continue`). */
export type OnFailure = 'rollback' | 'freeze' | 'stop' | 'continue';
