/** What a run does: `forward`, then `rollback`, `stopping` or `paused`, then `finally`; from `paused` it may go `forward` again. */
export type Mode = 'forward' | 'rollback' | 'stopping' | 'paused' | 'finally';

/** What follows a failure: `rollback`, wait for a person (`pause`), leave the changes (`stop`), or continue without it (`continue`). */
export type OnFailure = 'rollback' | 'pause' | 'stop' | 'continue';
