/** Errors of the command line. */
export const commandTexts = {
  REL_COMMAND_NOT_IMPLEMENTED: (p: { command: string }) => ({
    message: `The command ${p.command} is planned but not built yet.`,
    hint: 'See what there is: relpipe --help',
  }),
  REL_COMMAND_RENAMED: (p: { command: string; use: string }) => ({
    message: `The command ${p.command} has another name now.`,
    hint: `Use: ${p.use}`,
  }),
  REL_USAGE: (p: { because: string; command: string }) => ({
    message: p.because,
    hint: `See: relpipe ${p.command} --help`.replace('  ', ' '),
  }),
  REL_RUN_NOT_STARTED: (p: { run: string }) => ({
    message: `Run ${p.run} was entered, but its process died before it began; nothing happened.`,
    hint: 'Start a new one: relpipe run',
  }),
  REL_NO_RUNS: (p: { journal: string }) => ({
    message: `There are no runs in ${p.journal}.`,
    hint: 'Start one: relpipe run',
  }),
  REL_RUN_AMBIGUOUS: (p: { runs: readonly string[] }) => ({
    message: `Several runs are not over: ${p.runs.join(', ')}.`,
    hint: 'Name the one you mean.',
  }),
  REL_RUN_FINISHED: (p: { run: string; outcome: string }) => ({
    message: `Run ${p.run} is over (${p.outcome}); nothing can change it any more.`,
    hint: `See: relpipe status ${p.run}`,
  }),
  REL_STEP_AMBIGUOUS: (p: { steps: readonly string[]; what: string }) => ({
    message: p.steps.length === 0 ? `Nothing waits to be ${p.what}.` : `Several steps wait to be ${p.what}: ${p.steps.join(', ')}.`,
    hint: p.steps.length === 0 ? 'See what the run waits for: relpipe status' : 'Name the step after the run.',
  }),
  REL_STEP_UNKNOWN: (p: { step: string; near: readonly string[] }) => ({
    message: `The run has no step "${p.step}".`,
    hint: p.near.length > 0 ? `Did you mean ${p.near.join(' or ')}?` : 'See its steps: relpipe status',
  }),
  REL_SECRETS_MISSING: (p: { names: readonly string[] }) => ({
    message: `The environment has no value for ${p.names.join(', ')}.`,
    hint: `Set ${p.names.length === 1 ? 'it' : 'them'} in the environment of this command; nothing was started.`,
  }),
  REL_COMMIT_MISMATCH: (p: { run: string; recorded: string; here: string | undefined }) => ({
    message: `Run ${p.run} was planned at commit ${p.recorded.slice(0, 12)}, and this is ${p.here?.slice(0, 12) ?? 'no work tree of it'}.`,
    hint: `Run it in a work tree of its own: relpipe resume ${p.run} --checkout`,
  }),
  REL_CHECKOUT_FAILED: (p: { commit: string; because: string }) => ({
    message: `Git could not make a work tree at ${p.commit.slice(0, 12)}: ${p.because}.`,
    hint: 'In a shallow clone, fetch that commit first.',
  }),
  REL_PLUGIN_CHANGED: (p: { package: string; recorded: string; here: string }) => ({
    message: `The run was planned with ${p.package} ${p.recorded}, and ${p.here} is installed.`,
    hint: `Install the recorded version: npm install --no-save ${p.package}@${p.recorded}`,
  }),
};
