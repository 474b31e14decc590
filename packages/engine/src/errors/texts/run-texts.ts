import { shellWord } from '../../util/shell-word.ts';

/** Errors that the core itself finds while it decides. */
export const coreTexts = {
  REL_REJECTED: ({ because }: Why) => ({ message: because, hint: 'Start a new run when the objection is resolved.' }),
  REL_ASSERT_FAILED: ({ because }: Why) => ({ message: because, hint: 'Correct the inputs, or what the step checks, and start a new run.' }),
  REL_WAIT_TIMED_OUT: ({ because }: Why) => ({
    message: because,
    hint: 'Increase the `timeout` of the step, or check in the report why no answer came.',
  }),
  REL_GATE_FAILED: ({ because }: Why) => ({ message: because, hint: 'See in the report every measurement and its limit.' }),
  REL_GATE_NOT_PASSED: ({ because }: Why) => ({
    message: because,
    hint: 'A hold ends only when its gates have measured something and pass; see in the report what they measured.',
  }),
  REL_PROBE_CONFLICT: ({ because }: Why) => ({
    message: because,
    hint: 'Something else is already in the place of the result of this step. Nothing was overwritten; check who put it there.',
  }),
  REL_LOST_AGAIN: ({ because }: Why) => ({
    message: because,
    hint: 'Check whether the step itself ends its process: memory, a signal, a machine that shuts down.',
  }),
  REL_ROLLBACK_STOPPED: ({ because }: Why) => ({ message: because, hint: 'Read the log of the rollback, and complete it manually.' }),
  REL_ROLLBACK_REFUSED: ({ because }: Why) => ({
    message: because,
    hint: 'The change was not rolled back, and neither were the steps it depends on. Limit the damage manually, and inform the people affected.',
  }),
};

/** Errors of the steps and gates of a run: what the core decides, what step types and commands do, what metrics measure. */
export const runTexts = {
  ...coreTexts,

  REL_STEP_TYPE_UNKNOWN: (p: { uses: string }) => ({
    message: `No loaded plugin provides the step type "${p.uses}".`,
    hint: 'Install the plugins of the run with npm, in the versions that are recorded in its plan.',
  }),
  REL_STEP_VERB_UNSUPPORTED: (p: { uses: string; verb: string }) => ({
    message: `Step type "${p.uses}" does not implement ${p.verb}.`,
    hint: 'The plugin has changed since the run was planned; install the version that is recorded with the run.',
  }),
  REL_STEP_THREW: (p: { uses: string; detail: string }) => ({
    message: `Step type "${p.uses}" threw an unexpected error: ${p.detail}`,
    hint: 'This is a defect of the plugin: report it to its author, with the stack trace from the log of the step.',
  }),
  REL_STEP_TIMED_OUT: (p: { timeoutMs: number }) => ({
    message: `The step was stopped because it took longer than ${printSeconds(p.timeoutMs)}.`,
    hint: 'See in its log what it waited for, or increase its timeout.',
  }),
  REL_STEP_UNSTOPPABLE: (p: { timeoutMs: number }) => ({
    message: `The step took longer than ${printSeconds(p.timeoutMs)} and did not stop when asked to; it may still be acting.`,
    hint: 'Check manually what it did. Its step type ignores the abort signal, which is a defect: report it to the author of the plugin.',
  }),
  REL_PLUGIN_RESULT_INVALID: (p: { uses: string; verb: string; expected: string }) => ({
    message: `${p.verb}() of "${p.uses}" returned an invalid value; expected ${p.expected}.`,
    hint: 'This is a defect of the plugin: report it to its author.',
  }),
  REL_OUTPUT_INVALID: (p: { uses: string; what: string; detail: string }) => ({
    message: `The ${p.what} of "${p.uses}" was refused: ${p.detail}.`,
    hint:
      p.what === 'output'
        ? 'The step did act. Correct the value that it returns, or the declaration.'
        : 'Correct the value that the step saves, or the declaration.',
  }),
  REL_SECRET_IN_OUTPUT: (p: { what: string; secret: string }) => ({
    message: `The ${p.what} would contain the value of the secret ${p.secret}; none of it was recorded.`,
    hint: 'Return the name of the secret, not its value.',
  }),
  REL_SECRET_TOO_SHORT: (p: { secret: string; atLeast: number }) => ({
    message: `The secret ${p.secret} is shorter than ${p.atLeast} characters, so masking it would mask almost everything.`,
    hint: 'Use a longer value; a secret this short protects nothing.',
  }),

  REL_COMMAND_FAILED: (p: { ended: string; lastLines: readonly string[]; run: string; step: string }) => ({
    message: [`The command ended with ${p.ended}.`, ...p.lastLines].join('\n'),
    hint: `Read its whole output: relpipe logs ${p.run} ${shellWord(p.step)}`,
  }),
  REL_COMMAND_CONTAINS_NUL: (p: { what: string }) => ({
    message: `The ${p.what} contains a NUL character, which cannot be passed to a program.`,
    hint: 'Check the values inserted into it, e.g. the output of another step.',
  }),
  REL_COMMAND_NOT_FOUND: (p: { command: string }) => ({
    message: `The command "${p.command}" was not found or is not executable.`,
    hint: 'Install it, write its full path, or write the command as one string for the shell.',
  }),
  REL_WORKDIR_MISSING: (p: { folder: string }) => ({
    message: `The working folder ${p.folder} does not exist.`,
    hint: 'Correct `workdir:`; it is relative to the folder of the pipeline file.',
  }),
  REL_VALUES_UNREADABLE: (p: { variable: string; line: number; detail: string }) => ({
    message: `Line ${p.line} of $${p.variable} cannot be read: ${p.detail}.`,
    hint: 'Write name=value, or name<<END, the lines of the value, and END.',
  }),
  REL_OUTPUT_UNDECLARED: (p: { name: string; declared: readonly string[] }) => ({
    message: `The command wrote the output "${p.name}", which the step does not declare.`,
    hint:
      p.declared.length > 0
        ? `Declare it under outputs:, or write one of the declared names: ${p.declared.join(', ')}.`
        : `Declare it: outputs: { ${p.name}: string }`,
  }),
  REL_OUTPUT_MISSING: (p: { name: string }) => ({
    message: `The command did not write the output "${p.name}", which the step declares.`,
    hint: `Add a line to the command: echo "${p.name}=…" >> "$RELPIPE_OUTPUT"`,
  }),
  REL_OUTPUT_TYPE_MISMATCH: (p: { name: string; type: string; text: string }) => ({
    message: `The output "${p.name}" is "${p.text}", which is not a valid ${p.type}.`,
    hint: 'Correct what the command writes to $RELPIPE_OUTPUT, or the declared type.',
  }),

  REL_GROUP_COMMAND_FAILED: (p: { ended: string; printed: string }) => ({
    message: `The command ended with ${p.ended}${p.printed === '' ? '' : `: ${p.printed}`}.`,
    hint: 'The command must print one name a line and end with 0. Until it does, nobody can approve.',
  }),
  REL_METRIC_COMMAND_FAILED: (p: { ended: string; printed: string }) => ({
    message: `The command ended with ${p.ended}${p.printed === '' ? '' : `: ${p.printed}`}`,
    hint: 'A metric command must print one number and exit with code 0; run it manually to see why it does not.',
  }),
  REL_METRIC_COMMAND_NOT_A_NUMBER: (p: { printed: string }) => ({
    message: p.printed === '' ? 'The command printed nothing.' : `The last line that the command printed is not a number: ${p.printed}`,
    hint: 'Print one plain number as the last line, such as 0.25, without a unit.',
  }),
  REL_HTTP_CHECK_REQUEST_FAILED: (p: { url: string; because: string }) => ({
    message: `This machine could not send the request to ${p.url}: ${p.because}.`,
    hint: 'This says nothing about the service: check the network and the name resolution of the machine that runs relpipe.',
  }),
  REL_HTTP_CHECK_UNHEALTHY: (p: { url: string; because: string }) => ({
    message: `${p.url} did not become healthy: ${p.because}.`,
    hint: 'Check the log of the service, or give the step a longer timeout.',
  }),
};

interface Why {
  readonly because: string;
}

const printSeconds = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`);
