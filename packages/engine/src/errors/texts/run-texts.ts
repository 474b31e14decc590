/** Errors around a run: journal, lease, letters, tasks. */
export const runTexts = {
  REL_LEASE_LOST: (p: { run: string }) => ({
    message: `Another process has taken over run ${p.run}.`,
    hint: `See what it does with: relpipe status ${p.run}`,
  }),
  REL_RUN_BUSY: (p: { run: string; owner: string; seenAt: string }) => ({
    message: `Run ${p.run} is being driven by ${p.owner}, last seen at ${p.seenAt}.`,
    hint: 'Wait for it, or end that process; a lease whose process is gone is free.',
  }),
  REL_RUN_UNKNOWN: (p: { run: string; file: string }) => ({
    message: `There is no run ${p.run} in ${p.file}.`,
    hint: 'List the runs with: relpipe runs. A step is named behind its run.',
  }),
  REL_RUN_EXISTS: (p: { run: string; file: string }) => ({
    message: `There is already a run ${p.run} in ${p.file}.`,
    hint: 'Give the new run another id.',
  }),

  REL_JOURNAL_FACT_UNKNOWN: (p: { fact: string; seq: number }) => ({
    message: `Fact ${p.seq} of this run is a ${p.fact}, which this relpipe does not know.`,
    hint: 'Use the relpipe that recorded it, or a newer one: npm install relpipe@latest',
  }),
  REL_JOURNAL_CHANGE_UNKNOWN: (p: { change: string; seq: number }) => ({
    message: `Fact ${p.seq} of this run records a decision "${p.change}", which this relpipe does not know.`,
    hint: 'Use the relpipe that recorded it, or a newer one: npm install relpipe@latest',
  }),
  REL_RUN_NEWER: (p: { run: string; engine: string; rules: number; known: number }) => ({
    message: `Run ${p.run} was decided by relpipe ${p.engine} under rules ${p.rules}; this relpipe decides under rules ${p.known}.`,
    hint: `Resume it with relpipe ${p.engine} or a newer one. This relpipe can still show it: relpipe status ${p.run}`,
  }),
  REL_JOURNAL_NEWER: (p: { file: string; format: number; known: number }) => ({
    message: `The journal ${p.file} has format ${p.format}; this relpipe reads formats up to ${p.known}.`,
    hint: 'Use the relpipe that wrote it, or a newer one: npm install relpipe@latest',
  }),
  REL_JOURNAL_FOREIGN: (p: { file: string }) => ({
    message: `${p.file} is a database, but not a journal of relpipe.`,
    hint: 'Give another file with --journal; this one is left as it is.',
  }),
  REL_JOURNAL_DAMAGED: (p: { file: string; detail: string }) => ({
    message: `The journal ${p.file} is damaged: ${p.detail}.`,
    hint: 'Keep the file as it is for the record, and restore a copy of it, or start a new run with --journal FILE.',
  }),
  REL_JOURNAL_CHAIN_BROKEN: (p: { file: string; run: string; seq: number; detail: string }) => ({
    message: `Fact ${p.seq} of run ${p.run} in ${p.file} is not what was recorded: ${p.detail}.`,
    hint: 'Somebody or something changed the journal; restore a copy of the file. The run is not continued from a changed record.',
  }),
  REL_JOURNAL_FULL: (p: { file: string }) => ({
    message: `There is no space left to write the journal ${p.file}.`,
    hint: 'Make space on that disk, then run: relpipe resume',
  }),
  REL_JOURNAL_READ_ONLY: (p: { file: string }) => ({
    message: `The journal ${p.file} cannot be written.`,
    hint: 'Make the file and its folder writable for this user, or give another file with --journal.',
  }),
  REL_JOURNAL_LOCKED: (p: { file: string }) => ({
    message: `Another process has kept the journal ${p.file} locked for more than five seconds.`,
    hint: 'Look for a stuck process or a backup that holds the file open, then run: relpipe resume',
  }),
  REL_JOURNAL_UNREACHABLE: (p: { file: string; detail: string }) => ({
    message: `The journal ${p.file} cannot be opened: ${p.detail}.`,
    hint: 'Check the path and the rights of its folder, or give another file with --journal.',
  }),

  REL_QUESTION_NOT_OPEN: (p: { key: string }) => ({
    message: `Nobody is asked "${p.key}" now.`,
    hint: 'See what the run waits for with: relpipe status',
  }),
  REL_NOT_AN_APPROVER: (p: { who: string; of: readonly string[] }) => ({
    message: `${p.who} may not answer this; those who may: ${p.of.join(', ')}.`,
    hint: 'Ask one of them, or add the person to the group in the pipeline file and start a new run.',
  }),
  REL_ANSWER_PLAN_MISMATCH: (p: { run: string }) => ({
    message: `The plan of run ${p.run} is not the one this answer is about.`,
    hint: `Look at the present plan with "relpipe status ${p.run}" and answer again.`,
  }),

  REL_STEP_TYPE_UNKNOWN: (p: { uses: string }) => ({
    message: `No loaded plugin gives the step type "${p.uses}".`,
    hint: 'Bring the plugins of the run back with npm, in the versions its plan names.',
  }),
  REL_STEP_VERB_UNSUPPORTED: (p: { uses: string; verb: string }) => ({
    message: `The step type "${p.uses}" has nothing that could ${p.verb} it.`,
    hint: 'The plugin has changed since the run was planned; install the version that is recorded with the run.',
  }),
  REL_STEP_THREW: (p: { uses: string; detail: string }) => ({
    message: `The step type "${p.uses}" broke: ${p.detail}`,
    hint: 'This is a defect of the plugin; the log of the step has the stack. Report it to the author.',
  }),
  REL_STEP_TIMED_OUT: (p: { timeoutMs: number }) => ({
    message: `The step was ended because it took longer than ${printSeconds(p.timeoutMs)}.`,
    hint: 'See in its log what it waited for, or raise its timeout.',
  }),
  REL_STEP_UNSTOPPABLE: (p: { timeoutMs: number }) => ({
    message: `The step took longer than ${printSeconds(p.timeoutMs)} and did not stop when it was asked to; it may still act.`,
    hint: 'Check by hand what it did; its step type ignores the signal, which is a defect to report to the author.',
  }),
  REL_OUTPUT_INVALID: (p: { uses: string; what: string; detail: string }) => ({
    message: `The ${p.what} of "${p.uses}" does not have its declared shape: ${p.detail}.`,
    hint: 'The step did act. Correct what it gives, or what is declared.',
  }),
  REL_PLUGIN_RESULT_INVALID: (p: { uses: string; verb: string; wanted: string }) => ({
    message: `"${p.uses}" answers to "${p.verb}" with something else than ${p.wanted}.`,
    hint: 'This is a defect of the plugin. Report it to the author.',
  }),
  REL_SECRET_IN_OUTPUT: (p: { what: string; secret: string }) => ({
    message: `The ${p.what} would contain the value of the secret ${p.secret}; nothing of it was recorded.`,
    hint: 'Give what follows the name of the secret, not its value.',
  }),
  REL_SECRET_TOO_SHORT: (p: { secret: string; atLeast: number }) => ({
    message: `The secret ${p.secret} is shorter than ${p.atLeast} characters and could not be masked without masking everything.`,
    hint: 'Use a longer value; what is that short protects nothing.',
  }),

  REL_COMMAND_FAILED: (p: { ended: string; lastLines: readonly string[] }) => ({
    message: [`The command ended with ${p.ended}.`, ...p.lastLines].join('\n'),
    hint: 'Read its whole output with: relpipe logs',
  }),
  REL_COMMAND_CONTAINS_NUL: (p: { what: string }) => ({
    message: `The ${p.what} holds a NUL character, which no program can be given.`,
    hint: 'Look at the values that come into it, e.g. the output of another step.',
  }),
  REL_COMMAND_NOT_FOUND: (p: { command: string }) => ({
    message: `The command "${p.command}" was not found or may not be executed.`,
    hint: 'Install it, give its full path, or write the command as one string for the shell.',
  }),
  REL_WORKDIR_MISSING: (p: { folder: string }) => ({
    message: `The working folder ${p.folder} does not exist.`,
    hint: 'Correct `workdir:`; it starts at the folder of the pipeline file.',
  }),
  REL_VALUES_UNREADABLE: (p: { variable: string; line: number; detail: string }) => ({
    message: `Line ${p.line} of $${p.variable} cannot be read: ${p.detail}.`,
    hint: 'Write name=value, or name<<END, the lines of the value, and END.',
  }),
  REL_OUTPUT_UNDECLARED: (p: { name: string; declared: readonly string[] }) => ({
    message: `The command gave the output "${p.name}", which the step does not declare.`,
    hint: p.declared.length > 0
      ? `Declare it under outputs:, or mean one of: ${p.declared.join(', ')}.`
      : `Declare it: outputs: { ${p.name}: string }`,
  }),
  REL_OUTPUT_MISSING: (p: { name: string }) => ({
    message: `The command did not give the output "${p.name}", which the step declares.`,
    hint: `Let it write a line: echo "${p.name}=…" >> "$RELPIPE_OUTPUT"`,
  }),
  REL_OUTPUT_TYPE_MISMATCH: (p: { name: string; type: string; text: string }) => ({
    message: `The output "${p.name}" is "${p.text}", which is not of its declared type ${p.type}.`,
    hint: 'Correct what the command writes to $RELPIPE_OUTPUT, or the declared type.',
  }),
};

const printSeconds = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`);
