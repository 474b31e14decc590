interface EquivalentMutant {
  readonly file: string;
  /** The whole line. */
  readonly code: string;
  /** `FROM → TO`. */
  readonly change: string;
  readonly reason: string;
}

/** Mutants that cannot make a difference, each with the reason. */
export const equivalentMutants: readonly EquivalentMutant[] = [
  {
    file: 'gates.ts',
    code: 'const end = step.holdEndsAt ?? 0;',
    change: '0 → 1',
    reason: 'A hold whose time is over had an end; the default only satisfies the type.',
  },
  {
    file: 'idle.ts',
    code: 'if (state.running.size > 0 || rollbackOf(state).running > 0) return waitFor(state);',
    change: '0 → 1',
    reason: 'A step that runs during a rollback has an open task, which is asked about before, or belongs to the list of a unit that runs too. The other number of this line is detected.',
  },
  {
    file: 'idle.ts',
    code: 'const isLastSampleDue = step.isHoldOver && (evaluation?.until ?? 0) < (op.until ?? 0);',
    change: '0 → 1',
    reason: 'A gate without an evaluation covers nothing: the end of a hold is later than 1 ms in any case. A watch without an end belongs to no hold.',
  },
  {
    file: 'manual-rollback.ts',
    code: "const { questions = 0, instruction = '', seen } = rollback?.units.get(key)?.manual ?? {};",
    change: '0 → 1',
    reason: 'A question is asked only after an instruction, which has created `manual`; the default only satisfies the type.',
  },
  {
    file: 'start-ready.ts',
    code: "if (step.plan.act.act !== 'hold') return 0;",
    change: '0 → 1',
    reason: 'Only holds are asked for their duration; the line only narrows the type.',
  },
  {
    file: 'task-op.ts',
    code: "if (verb === 'instruct') return (unitRollback?.manual?.instructs ?? 0) + 1;",
    change: '0 → 1',
    reason: 'An instruction follows a check, which has created `manual`; the default only satisfies the type.',
  },
  {
    file: 'task-op.ts',
    code: 'return (unitRollback?.attempts ?? 0) + 1;',
    change: '0 → 1',
    reason: 'A rollback is attempted only after `start-rollback`, which has created the unit; the default only satisfies the type.',
  },
];
