import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Type } from 'typebox';
import { expect, onTestFinished, test, vi } from 'vitest';
import { StepError, type RunContext, type StepType } from '../../../../src/contract/index.ts';
import type { Result } from '../../../../src/run/core/fact.ts';
import type { TaskOp } from '../../../../src/run/core/operation.ts';
import { groupsOf } from '../../../../src/run/local/process/list-processes.ts';
import { openRuntime, type Opened, type Options, saying, stealLease, stepType, taskOp } from '../local-fixture.ts';

async function runType(type: StepType, more: Partial<TaskOp> = {}, options: Options = {}) {
  const opened = await openRuntime({ ...options, steps: { 'x.step': type } });
  const op = taskOp({ with: {}, uses: 'x.step', ...more });
  opened.runtime.act({ start: [op], cancel: [] });
  const bodies = await opened.bodiesUntilEnded(op.key);
  const ended = bodies.at(-1);
  return { ...opened, bodies, result: ended?.fact === 'ended' ? ended.result : undefined };
}

const failureOf = (result: Result | undefined) => (result && 'failure' in result ? result.failure : undefined);
const whenAborted = (signal: AbortSignal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

test('an error the step type meant keeps its code, hint and whether to retry', async () => {
  const type = stepType(async () => Promise.reject(new StepError('X_BUSY', 'The registry is busy.', { hint: 'Wait.', retryable: true })));
  expect(failureOf((await runType(type)).result)).toEqual({ code: 'X_BUSY', message: 'The registry is busy.', hint: 'Wait.', retryable: true });
});

test('an error nobody meant is the step type’s defect, with its stack in the log', async () => {
  const { result, lines } = await runType(stepType(async () => (null as unknown as { x: { y: number } }).x.y));
  expect(failureOf(result)).toMatchObject({ code: 'REL_STEP_THREW', retryable: false });
  expect(lines().some((line) => line.includes('tasks.test.ts'))).toBe(true);
});

test.each([
  ['an object without a text', () => ({ toString: () => Promise.reject(new Error('no')) as never, [Symbol.toPrimitive]: () => { throw new Error('no text'); } })],
  ['an error whose message throws', () => Object.defineProperty(new Error('x'), 'message', { get: () => { throw new Error('no message'); } })],
  ['an error whose stack throws', () => Object.defineProperty(new Error('x'), 'stack', { get: () => { throw new Error('no stack'); } })],
  ['a StepError with an object for its code', () => new StepError({ code: 'OWN_X', message: 'tok-12345' } as unknown as string, 'x')],
  ['a StepError with a secret for its code', () => new StepError('tok-12345', 'x')],
  ['a StepError with a number for its hint', () => new StepError('X_HINT', 'x', { hint: 7 as unknown as string })],
  ['nothing', () => undefined],
])('whatever a step throws is a failure of the step, without a secret: %s', async (_what, thrown) => {
  const type = stepType(async () => {
    const error = thrown() as Error;
    throw error;
  });
  const { result, bodies } = await runType(type, {}, { secrets: { TOKEN: 'tok-12345' } });
  expect(failureOf(result)).toMatchObject({ code: expect.stringMatching(/^(REL_STEP_THREW|X_HINT)$/) as string });
  expect(JSON.stringify(bodies)).not.toContain('tok-12345');
});

test('a secret at the place where a long message is cut is masked as a whole', async () => {
  const type = stepType(async () => Promise.reject(new StepError('X_LONG', `${'x'.repeat(9_996)}tok-12345${'x'.repeat(100)}`)));
  expect(failureOf((await runType(type, {}, { secrets: { TOKEN: 'tok-12345' } })).result)?.message).not.toContain('tok-');
});

test('a message of megabytes is cut in the record', async () => {
  const { result } = await runType(stepType(async () => Promise.reject(new StepError('X_LONG', 'x'.repeat(5_000_000)))));
  expect(failureOf(result)?.message).toHaveLength('x'.repeat(10_000).length + ' … (4990000 more characters)'.length);
});

test('no secret reaches the record in the message of an error', async () => {
  const type = stepType(async () => Promise.reject(new StepError('X_NO', 'The token tok-12345 is wrong.')));
  expect(failureOf((await runType(type, {}, { secrets: { TOKEN: 'tok-12345' } })).result)?.message).toBe('The token *** is wrong.');
});

test('a configuration that does not fit fails the step before its type is called, and says so', async () => {
  const type = stepType(async () => ({}), { with: Type.Object({ weight: Type.Number() }) });
  expect((await runType(type, { with: { weight: 'half' } })).result).toMatchObject({ status: 'failed', acted: false });
});

test('an output of another shape than declared fails the step', async () => {
  const type = stepType(async () => ({ digest: 7 }), { outputs: Type.Object({ digest: Type.String() }) });
  expect(failureOf((await runType(type)).result)).toMatchObject({ code: 'REL_OUTPUT_INVALID', message: saying('was refused: "digest" must be a string; found a number.') });
});

test('a saved state with a secret in it is refused before the effect', async () => {
  let acted = false;
  const type = stepType(async (_, context) => {
    await context.saveState({ deep: [{ url: 'https://tok-12345@host' }] });
    acted = true;
    return {};
  });
  expect(failureOf((await runType(type, {}, { secrets: { TOKEN: 'tok-12345' } })).result)).toMatchObject({ code: 'REL_SECRET_IN_OUTPUT' });
  expect(acted).toBe(false);
});

test('a saved state that looks like a reference to a secret is refused before the effect', async () => {
  let acted = false;
  const type = stepType(async (_, context) => {
    await context.saveState({ deep: [{ $secret: 'TOKEN' }] });
    acted = true;
    return {};
  });
  const failure = failureOf((await runType(type, {}, { secrets: { TOKEN: 'tok-12345' } })).result);
  expect(failure).toMatchObject({ code: 'REL_OUTPUT_INVALID', message: saying('the key "$secret", which is reserved') });
  expect(acted).toBe(false);
});

test('what a journal holds as a saved state or an output never reveals a secret', async () => {
  const type = stepType(async () => ({}), { rollback: { run: async () => undefined } });
  const reference = { $secret: 'TOKEN' };
  for (const past of [{ saved: reference }, { output: reference }]) {
    const { result } = await runType(type, { verb: 'rollback', ...past }, { secrets: { TOKEN: 'tok-12345' } });
    expect(failureOf(result)).toMatchObject({ code: 'REL_SECRET_NOT_SET' });
  }
});

test('a saved state is on the disk before the step goes on', async () => {
  let recorded: unknown;
  const opened: Opened = await openRuntime({
    steps: {
      'x.step': stepType(async (_, context) => {
        await context.saveState({ weight: 10 });
        recorded = (await opened.facts()).at(-1);
        return {};
      }),
    },
  });
  opened.runtime.act({ start: [taskOp({ with: {}, uses: 'x.step' })], cancel: [] });
  await opened.bodiesUntilEnded('build/a!run.1');
  expect(recorded).toMatchObject({ fact: 'saved', key: 'build/a!run.1', state: { weight: 10 } });
});

test('a step that cannot save its state, because another driver took over, does not go on', async () => {
  let acted = false;
  const opened = await openRuntime({
    steps: {
      'x.step': stepType(async (_, context) => {
        await context.saveState({ weight: 10 });
        acted = true;
        return {};
      }),
    },
  });
  opened.runtime.act({ start: [taskOp({ with: {}, uses: 'x.step' })], cancel: [] });
  const arrival = await opened.runtime.next({ asks: [], mayPark: false });
  stealLease(opened.folder);
  for (const body of 'bodies' in arrival ? arrival.bodies : []) opened.runtime.append(body);
  await expect(opened.runtime.commit()).rejects.toThrow(expect.objectContaining({ code: 'REL_LEASE_LOST' }));
  await opened.runtime.next({ asks: [], mayPark: false });
  expect(acted).toBe(false);
});

test('a step that takes too long is asked to stop, and ends as timed out even if it then succeeds', async () => {
  const type = stepType(async (_, { signal }) => whenAborted(signal).catch(() => ({ done: true })));
  expect(failureOf((await runType(type, { timeoutMs: 20 })).result)).toMatchObject({ code: 'REL_STEP_TIMED_OUT', retryable: true, message: saying('20 ms') });
});

test('a cancelled step cannot save a state and go on', async () => {
  let acted = false;
  const opened = await openRuntime({
    steps: {
      'x.step': stepType(async (_, context) => {
        await whenAborted(context.signal).catch(() => undefined);
        await context.saveState({ late: true });
        acted = true;
        return {};
      }),
    },
  });
  const op = taskOp({ with: {}, uses: 'x.step' });
  opened.runtime.act({ start: [op], cancel: [] });
  opened.runtime.act({ start: [], cancel: [op.key] });
  expect((await opened.bodiesUntilEnded(op.key)).at(-1)).toMatchObject({ result: { status: 'cancelled' } });
  expect(acted).toBe(false);
});

test('an op that is started twice runs once', async () => {
  let count = 0;
  const opened = await openRuntime({ steps: { 'x.step': stepType(async () => ({ count: (count += 1) })) } });
  const op = taskOp({ with: {}, uses: 'x.step' });
  opened.runtime.act({ start: [op, op], cancel: [] });
  await opened.bodiesUntilEnded(op.key);
  opened.runtime.act({ start: [op], cancel: [] });
  expect(count).toBe(1);
});

test('a step type that is missing, or no longer has the planned verb, is named in the error', async () => {
  expect(failureOf((await runType(stepType(async () => ({})), { uses: 'y.gone' })).result)).toMatchObject({ code: 'REL_STEP_TYPE_UNKNOWN' });
  expect(failureOf((await runType(stepType(async () => ({})), { verb: 'rollback' })).result)).toMatchObject({ code: 'REL_STEP_VERB_UNSUPPORTED' });
  expect(failureOf((await runType(stepType(async () => ({})), { verb: 'probe' })).result)).toMatchObject({ code: 'REL_STEP_VERB_UNSUPPORTED' });
});

test('a rollback knows what was saved, what the step returned, and what it is for', async () => {
  let seen: unknown;
  const type = stepType(async () => ({}), {
    rollback: { run: async (_: unknown, { saved, output, because }: { saved: unknown; output: unknown; because: string }) => void (seen = { saved, output, because }) },
  });
  const { result } = await runType(type, { verb: 'rollback', saved: { from: 1 }, output: { to: 2 }, because: 'error rate' });
  expect(result).toEqual({ status: 'succeeded', output: null });
  expect(seen).toEqual({ saved: { from: 1 }, output: { to: 2 }, because: 'error rate' });
});

test.each<[string, TaskOp['verb'], object]>([
  ['a probe', 'probe', { onLost: 'probe', probe: async () => ({ found: 'yes' }) }],
  ['a probe that finds a conflict', 'probe', { onLost: 'probe', probe: async () => ({ found: 'conflict', detail: { bytes: 'tok' } }) }],
  ['an instruction', 'instruct', { rollback: { instruct: async () => ' ', confirm: async () => false } }],
  ['a confirmation', 'confirm', { rollback: { instruct: async () => 'undo it', confirm: async () => undefined } }],
])('%s without a usable answer has failed, so that nobody waits for it', async (_, verb, wrong) => {
  const type = stepType(async () => ({}), wrong);
  expect(failureOf((await runType(type, { verb })).result)).toMatchObject({ code: 'REL_PLUGIN_RESULT_INVALID', message: saying(verb) });
});

test('a probe that finds a conflict reports what it is', async () => {
  const type = stepType(async () => ({}), { onLost: 'probe', probe: async () => ({ found: 'conflict', detail: 'other bytes' }) });
  expect((await runType(type, { verb: 'probe' })).result).toEqual({ status: 'probed', found: 'conflict', detail: 'other bytes' });
});

test('exec returns the exit code and the output, takes secrets, and does not throw for a failure', async () => {
  const secret = { secret: 'TOKEN', reveal: () => 'tok-12345' };
  const type = stepType(async (_, context) => {
    const { code, stdout, stderr } = await context.exec(['sh', '-c', 'cat; echo $A >&2; exit 3'], { stdin: 'in', env: { A: secret } });
    return { code, stdout, length: stderr.length };
  });
  expect((await runType(type)).result).toEqual({ status: 'succeeded', output: { code: 3, stdout: 'in', length: 9 } });
});

test('exec hides from a command the variables that it is asked to, and no others', async () => {
  for (const name of ['KEPT', 'DROPPED']) vi.stubEnv(name, 'yes');
  onTestFinished(() => void vi.unstubAllEnvs());
  const type = stepType(async (_, context) => context.exec(['sh', '-c', 'echo $KEPT ${DROPPED-no}'], { env: { DROPPED: undefined } }));
  expect((await runType(type)).result).toMatchObject({ output: { stdout: 'yes no' } });
});

test('no secret is shown in the note of a progress, nor in a field that the contract does not have', async () => {
  const type = stepType(async (_, context) => {
    context.progress({ done: 1, of: 2, note: 'sent tok-12345', ...{ file: 'tok-12345' } });
    return {};
  });
  const { live } = await runType(type, {}, { secrets: { TOKEN: 'tok-12345' } });
  expect(live).toContainEqual(expect.objectContaining({ type: 'progress', note: 'sent ***' }));
  expect(JSON.stringify(live)).not.toContain('tok-12345');
});

test('a state is refused where the step type does not declare one', async () => {
  const type = stepType(async (_, context) => {
    await context.saveState({ weight: 10 });
    return {};
  }, { state: undefined } as object);
  const failure = failureOf((await runType(type)).result);
  expect(failure).toMatchObject({ code: 'REL_OUTPUT_INVALID', message: expect.stringContaining('does not declare `state`') as string });
});

test('a command that exec cannot find is named in the error', async () => {
  const type = stepType(async (_, context) => context.exec(['no-such-command-here']));
  expect(failureOf((await runType(type)).result)).toMatchObject({ code: 'REL_COMMAND_NOT_FOUND' });
});

test('a command of exec ends with its step, and so does everything that it started', async () => {
  const type = stepType(async (_, context) => context.exec(['sh', '-c', 'sleep 600 & sleep 600; echo never']));
  const opened = await openRuntime({ steps: { 'x.step': type } });
  const op = taskOp({ with: {}, uses: 'x.step', timeoutMs: 300 });
  opened.runtime.act({ start: [op], cancel: [] });
  await opened.bodiesUntilEnded(op.key);
  expect(groupsOf('20261120-1642-k3f9', new Set([op.key])).size).toBe(0);
});

test('fetch and sleep obey the signal', async () => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const waits = (wait: (context: RunContext<unknown>) => Promise<unknown>) => runType(stepType(async (_, context) => wait(context)), { timeoutMs: 30 });
  expect((await waits(({ fetch }) => fetch(`http://127.0.0.1:${port}`))).result?.status).toBe('timed-out');
  expect((await waits(({ clock }) => clock.sleep(600_000))).result?.status).toBe('timed-out');
  server.close();
  server.closeAllConnections();
});

test('a progress with values of other types is an event with numbers and texts', async () => {
  const odd = { done: '1', of: 4n, unit: ['files'], note: 7 } as unknown as Parameters<RunContext<unknown>['progress']>[0];
  const { live } = await runType(stepType(async (_, context) => (context.progress(odd), {})));
  expect(live).toEqual([expect.objectContaining({ type: 'progress', done: 1, of: 4, unit: 'files', note: '7' })]);
});

test('progress is a live event', async () => {
  const { live } = await runType(stepType(async (_, context) => (context.progress({ done: 1, of: 4, unit: 'files' }), {})));
  expect(live).toEqual([expect.objectContaining({ type: 'progress', step: 'build/a', done: 1, of: 4, unit: 'files' })]);
});
