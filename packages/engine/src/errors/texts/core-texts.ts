interface Why {
  readonly because: string;
}

/** What the core itself finds while it decides. */
export const coreTexts = {
  REL_REJECTED: ({ because }: Why) => ({ message: because, hint: 'Start a new run when the objection is settled.' }),
  REL_WAIT_TIMED_OUT: ({ because }: Why) => ({
    message: because,
    hint: 'Give the step a longer `timeout`, or see in the report why no answer came.',
  }),
  REL_GATE_FAILED: ({ because }: Why) => ({ message: because, hint: 'The report shows every measurement against its limit.' }),
  REL_GATE_NOT_PASSED: ({ because }: Why) => ({
    message: because,
    hint: 'A hold ends only when its gates have measured something and pass; the report shows what they saw.',
  }),
  REL_PROBE_CONFLICT: ({ because }: Why) => ({
    message: because,
    hint: 'Something else stands where this step wants to put its result. Nothing was overwritten.',
  }),
  REL_LOST_AGAIN: ({ because }: Why) => ({ message: because, hint: 'What it does may end the process that runs it: memory, a signal, a machine that goes away.' }),
  REL_ROLLBACK_STOPPED: ({ because }: Why) => ({ message: because, hint: 'See the log of the rollback, and finish it by hand.' }),
  REL_ROLLBACK_REFUSED: ({ because }: Why) => ({
    message: because,
    hint: 'Its effect stays, and so does what it stands on. Limit the damage by hand, and tell whoever relies on it.',
  }),
};
