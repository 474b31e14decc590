import { isAssisted, isAutomatic, isStepError, type Json, type Probe, type StepType } from '../../../contract/index.ts';
import { isRelpipeError, relpipeError, type RelpipeError } from '../../../errors/relpipe-error.ts';
import { withCommandShell } from '../../../builtin/command-shell.ts';
import { messageOf } from '../../../util/phrases.ts';
import type { Result } from '../../core/fact.ts';
import type { TaskOp } from '../../core/operation.ts';
import { failureOf, TaskStopped } from './task-end.ts';
import type { StepLog } from './step-log.ts';
import { decodeConfig, type TaskDeps } from './workplace.ts';
import { findSecret } from '../masking/mask-json.ts';
import { LocalCommandShell } from './local-command-shell.ts';
import { automaticRollbackContext, readContext, runContext, rollbackContext, type States } from './task-context.ts';

/** Calls the function of the step type for the verb of the op. Rejects with what the step type throws. */
export async function runVerb(op: TaskOp, deps: TaskDeps, log: StepLog, signal: AbortSignal): Promise<Result> {
  const type = deps.registry.steps.get(op.uses);
  if (type === undefined) throw relpipeError('REL_STEP_TYPE_UNKNOWN', { uses: op.uses });
  const verbs = { run: runStep, probe: probeStep, rollback: rollBackStep, confirm: confirmStep, instruct: instructStep, teardown: tearDownStep };
  const shell = new LocalCommandShell(op, deps, log, signal);
  const base = withCommandShell(readContext(deps, op.key, signal, (line) => log.line(line)), shell);
  try {
    const result = await verbs[op.verb]({ op, deps, type, base });
    shell.forgetFiles();
    return result;
  } catch (error) {
    if (isAnswer(error)) shell.forgetFiles();
    throw error;
  }
}

/** A result of the step itself, or that it was stopped: all that it saved is durable by then, and a secret that it must not report must not stay in a file. */
const isAnswer = (error: unknown): boolean =>
  isStepError(error) || error instanceof TaskStopped || (isRelpipeError(error) && error.code === 'REL_SECRET_IN_OUTPUT');

interface Call {
  readonly op: TaskOp;
  readonly deps: TaskDeps;
  readonly type: StepType;
  readonly base: ReturnType<typeof readContext>;
}

async function runStep(call: Call): Promise<Result> {
  const { op, deps, type, base } = call;
  const context = runContext(op, deps, base, statesOf(call));
  let config: unknown;
  try {
    config = configOf(call);
  } catch (error) {
    return { status: 'failed', failure: failureOf(error, op.uses, deps.mask), acted: false };
  }
  const output = await type.run(config, context);
  return { status: 'succeeded', output: encode(call, 'output', type.outputs, output) };
}

function encodeState(call: Call, state: unknown): Json {
  const { op, type } = call;
  if (type.state === undefined) throw relpipeError('REL_OUTPUT_INVALID', { uses: op.uses, what: 'saved state', detail: 'the step type does not declare `state`' });
  return encode(call, 'saved state', type.state, state);
}

async function probeStep(call: Call): Promise<Result> {
  const { type, base } = call;
  if (type.onLost !== 'probe') throw cannot(call);
  const answer: Probe<unknown> = await type.probe(configOf(call), { ...base, saved: savedOf(call) });
  if (answer.found === 'done') return { status: 'probed', found: 'done', output: encode(call, 'output', type.outputs, answer.output) };
  if (answer.found === 'not-done') return { status: 'probed', found: 'not-done' };
  const { found, detail }: { readonly found: (typeof unclear)[number]; readonly detail: unknown } = answer;
  if (!unclear.includes(found)) throw wrongAnswer(call, `found: ${[...unclear, 'done', 'not-done'].join(', ')}`);
  if (typeof detail !== 'string') throw wrongAnswer(call, `a string as the detail of ${found}`);
  return { status: 'probed', found, detail: call.deps.mask.text(detail) };
}

const unclear = ['partly', 'conflict', 'unknown'] as const;

async function rollBackStep(call: Call): Promise<Result> {
  const { op, deps, type, base } = call;
  if (!isAutomatic(type.rollback)) throw cannot(call);
  await type.rollback.run(configOf(call), automaticRollbackContext(op, deps, base, statesOf(call), outputOf(call)));
  return { status: 'succeeded', output: null };
}

async function confirmStep(call: Call): Promise<Result> {
  const { op, deps, type, base } = call;
  if (!isAssisted(type.rollback)) throw cannot(call);
  const answer = await type.rollback.confirm(configOf(call), rollbackContext(op, base, savedOf(call), outputOf(call)));
  if (answer === true) return { status: 'probed', found: 'done' };
  if (answer !== false && typeof answer !== 'string') throw wrongAnswer(call, 'true, false or a string');
  return { status: 'probed', found: 'not-done', ...(answer !== false && { detail: deps.mask.text(answer) }) };
}

async function instructStep(call: Call): Promise<Result> {
  const { op, deps, type, base } = call;
  if (!isAssisted(type.rollback)) throw cannot(call);
  const text = await type.rollback.instruct(configOf(call), rollbackContext(op, base, savedOf(call), outputOf(call)));
  if (typeof text !== 'string' || text.trim() === '') throw wrongAnswer(call, 'a string that is not empty');
  return { status: 'succeeded', output: deps.mask.text(text) };
}

const cannot = ({ op }: Call): RelpipeError => relpipeError('REL_STEP_VERB_UNSUPPORTED', { uses: op.uses, verb: op.verb });

/** The compiler of a plugin would not let it pass, but not every plugin has one. */
const wrongAnswer = ({ op }: Call, expected: string): RelpipeError => relpipeError('REL_PLUGIN_RESULT_INVALID', { uses: op.uses, verb: op.verb, expected });

async function tearDownStep(call: Call): Promise<Result> {
  const { op, type, base } = call;
  if (type.teardown === undefined) throw cannot(call);
  await type.teardown.run(configOf(call), rollbackContext(op, base, savedOf(call), outputOf(call)));
  return { status: 'succeeded', output: null };
}

const configOf = ({ op, deps, type }: Call): unknown => decodeConfig(deps, type.with, op.with);

const statesOf = (call: Call): States => ({
  saved: savedOf(call),
  left: (call.op.left ?? []).map((state) => stateOf(call, state)),
  encode: (state) => encodeState(call, state),
});

const savedOf = (call: Call): unknown => stateOf(call, call.op.saved);

const stateOf = ({ deps, type }: Call, state: Json | undefined): unknown =>
  state === undefined || type.state === undefined ? state : deps.codec.decode(type.state, state, noSecrets);

const outputOf = ({ op, deps, type }: Call): unknown =>
  op.output === undefined ? undefined : deps.codec.decode(type.outputs, op.output, noSecrets);

/** Only a configuration names secrets. What a step reported never reveals one. */
const noSecrets = {};

/** What is wrong with a value, as the end of a sentence. */
const problemOf = (error: unknown): string => messageOf(error).replace(/^The value is not valid: /, '').replace(/\.$/, '');

/** Canonical, of its declared shape, and without a secret's value. */
function encode({ op, deps }: Call, what: string, schema: StepType['outputs'], value: unknown): Json {
  let encoded: Json;
  try {
    encoded = deps.codec.encode(schema, value);
  } catch (error) {
    throw relpipeError('REL_OUTPUT_INVALID', { uses: op.uses, what, detail: problemOf(error) }, error);
  }
  const secret = findSecret(deps.mask, encoded);
  if (secret !== undefined) throw relpipeError('REL_SECRET_IN_OUTPUT', { what, secret });
  return encoded;
}
