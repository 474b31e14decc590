import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Json } from '../../../../src/contract/index.ts';
import type { Result } from '../../../../src/run/core/fact.ts';
import { isGroupAlive } from '../../../../src/run/local/process/process-group.ts';
import { openRuntime, type Options, saying, taskOp } from '../local-fixture.ts';

async function runCommand(config: Json, options: Options & { timeoutMs?: number; verb?: 'run' | 'probe' } = {}) {
  const { timeoutMs = 20_000, verb = 'run', ...rest } = options;
  const opened = await openRuntime(rest);
  const op = taskOp({ with: config, timeoutMs, verb });
  opened.runtime.act({ start: [op], cancel: [] });
  const bodies = await opened.bodiesUntilEnded(op.key);
  const ended = bodies.at(-1);
  return { ...opened, bodies, result: ended?.fact === 'ended' ? ended.result : undefined };
}

const failureOf = (result: Result | undefined) => (result && 'failure' in result ? result.failure : undefined);

test('what a command prints is its log, line by line, and on the disk', async () => {
  const { result, live, folder } = await runCommand({ command: 'echo one; printf "two\\nthree"; echo oops >&2' });
  expect(result).toEqual({ status: 'succeeded', output: {} });
  const log = live.flatMap((event) => (event.type === 'log' ? [`${event.stream} ${event.line}`] : []));
  expect(log.sort()).toEqual(['stderr oops', 'stdout one', 'stdout three', 'stdout two']);
  expect(readFileSync(join(folder, `runs/20261120-1642-k3f9/logs/build__a/run.1.log`), 'utf8').split('\n').sort()).toEqual(['', 'one', 'oops', 'three', 'two']);
});

test('a list of arguments needs no shell', async () => {
  const { lines } = await runCommand({ command: ['echo', '$HOME; true'] });
  expect(lines()).toEqual(['$HOME; true']);
});

test('a failing part of a pipe fails the step, with its exit code and last lines', async () => {
  const { result } = await runCommand({ command: 'echo about to fail; (exit 3) | cat' });
  expect(failureOf(result)).toMatchObject({ code: 'REL_COMMAND_FAILED', message: 'The command ended with exit code 3.\nabout to fail', retryable: true });
});

test('a command that does not exist is named', async () => {
  expect(failureOf((await runCommand({ command: ['no-such-command-here'] })).result)).toMatchObject({ code: 'REL_COMMAND_NOT_FOUND', message: saying('"no-such-command-here"') });
  expect(failureOf((await runCommand({ command: 'no-such-command-here' })).result)?.message).toContain('exit code 127 (a command in it was not found)');
  expect(failureOf((await runCommand({ command: 'true', workdir: 'nowhere' })).result)).toMatchObject({ code: 'REL_WORKDIR_MISSING' });
});

test('outputs are read by their declared types', async () => {
  const { result } = await runCommand({
    command: 'printf "coverage=83.50%%\\ncount=7\\nok=true\\nversion=v1.2.3\\nlist=[1,2]\\nnotes<<END\\na\\nb=c\\nEND\\n" >> "$RELPIPE_OUTPUT"',
    outputs: { coverage: 'percent', count: 'integer', ok: 'boolean', version: 'semver', list: 'list', notes: 'string' },
  });
  expect(result).toEqual({ status: 'succeeded', output: { coverage: '83.5%', count: 7, ok: true, version: '1.2.3', list: [1, 2], notes: 'a\nb=c' } });
});

test.each([
  ['an output nobody declared', 'echo a=1 >> "$RELPIPE_OUTPUT"', {}, 'REL_OUTPUT_UNDECLARED'],
  ['an output that was not given', 'true', { a: 'string' }, 'REL_OUTPUT_MISSING'],
  ['an output that was not given and has a name that every object has', 'true', { constructor: 'string' }, 'REL_OUTPUT_MISSING'],
  ['an output of another type', 'echo a=lots >> "$RELPIPE_OUTPUT"', { a: 'integer' }, 'REL_OUTPUT_TYPE_MISMATCH'],
  ['a line without a name', 'echo nonsense >> "$RELPIPE_OUTPUT"', {}, 'REL_VALUES_UNREADABLE'],
  ['a value that does not end', 'echo "a<<END" >> "$RELPIPE_OUTPUT"', { a: 'string' }, 'REL_VALUES_UNREADABLE'],
])('%s fails the step', async (_, command, outputs, code) => {
  expect(failureOf((await runCommand({ command, outputs })).result)).toMatchObject({ code });
});

test('a command knows its run, step, attempt and idempotency key, and its variables', async () => {
  const { lines } = await runCommand({
    command: 'echo "$RELPIPE_RUN_ID $RELPIPE_STEP $RELPIPE_ATTEMPT $RELPIPE_IDEMPOTENCY_KEY $RELPIPE_1 $COLOUR"',
    variables: { RELPIPE_1: 7 },
    env: { COLOUR: 'blue' },
  });
  expect(lines()).toEqual(['20261120-1642-k3f9 build/a 1 20261120-1642-k3f9/build/a/run 7 blue']);
});

test('a secret reaches a command only through its env, and its log never', async () => {
  process.env['REGISTRY_PASSWORD'] = 'correct horse';
  const { lines } = await runCommand(
    { command: 'echo "inherited:$REGISTRY_PASSWORD"; echo "given:$PASSWORD"; printf %s "$PASSWORD" | base64', env: { PASSWORD: { $secret: 'REGISTRY_PASSWORD' } } },
    { secrets: { REGISTRY_PASSWORD: 'correct horse' } },
  );
  delete process.env['REGISTRY_PASSWORD'];
  expect(lines().slice(0, 2)).toEqual(['inherited:', 'given:***']);
  expect(lines()[2]).toMatch(/^\*\*\*/);
});

test('an output with a secret in it is refused and not recorded', async () => {
  const { result, facts } = await runCommand(
    { command: 'echo "url=https://ann:$P@host" >> "$RELPIPE_OUTPUT"', outputs: { url: 'string' }, env: { P: { $secret: 'PASSWORD' } } },
    { secrets: { PASSWORD: 'hunter2-and-more' } },
  );
  expect(failureOf(result)).toMatchObject({ code: 'REL_SECRET_IN_OUTPUT' });
  expect(JSON.stringify(await facts())).not.toContain('hunter2');
});

test('a string with a NUL character is refused, because every program would cut it off there', async () => {
  for (const config of [{ command: ['echo', 'a\0b'] }, { command: 'true', env: { A: '\0' } }]) {
    expect(failureOf((await runCommand(config)).result)).toMatchObject({ code: 'REL_COMMAND_CONTAINS_NUL' });
  }
});

test('a probe answers by its exit code', async () => {
  const probe = async (command: string) => (await runCommand({ command: 'false', probe: command }, { verb: 'probe' })).result;
  expect(await probe('true')).toEqual({ status: 'probed', found: 'done', output: {} });
  expect(await probe('exit 1')).toEqual({ status: 'probed', found: 'not-done' });
  expect(await probe('echo no network; exit 2')).toMatchObject({ found: 'unknown', detail: 'the probe ended with exit code 2\nno network' });
});

test('a state is recorded before the command ends, when the file says how the step is rolled back', async () => {
  const opened = await openRuntime({ undone: ['build/a'] });
  const gate = join(opened.folder, 'go-on');
  const op = taskOp({ with: { command: `echo previous=4 >> "$RELPIPE_STATE"; until [ -e '${gate}' ]; do sleep 0.05; done` } });
  opened.runtime.act({ start: [op], cancel: [] });
  expect(await opened.next()).toEqual([{ fact: 'saved', key: op.key, state: { previous: '4' } }]);
  (await import('node:fs')).writeFileSync(gate, '');
  expect(await opened.next()).toEqual([{ fact: 'ended', key: op.key, result: { status: 'succeeded', output: {} } }]);
});

test('a state is recorded at the end at the latest, also of a step that fails', async () => {
  const { bodies } = await runCommand({ command: 'echo previous=4 >> "$RELPIPE_STATE"; exit 1' });
  expect(bodies.map(({ fact }) => fact)).toEqual(['saved', 'ended']);
});

test('a timeout ends the whole process group, and the attempt as timed out, whatever its command reports in the end', async () => {
  const { result, lines } = await runCommand({ command: `trap 'exit 0' TERM; echo $$; sleep 600 & wait` }, { timeoutMs: 300 });
  expect(failureOf(result)).toMatchObject({ code: 'REL_STEP_TIMED_OUT', retryable: true });
  expect(isGroupAlive(Number(lines()[0]))).toBe(false);
});

test('a cancelled command ends as cancelled', async () => {
  const opened = await openRuntime();
  const op = taskOp({ with: { command: 'echo here; sleep 600' } });
  opened.runtime.act({ start: [op], cancel: [] });
  await expect.poll(() => opened.lines()).toEqual(['here']);
  opened.runtime.act({ start: [], cancel: [op.key] });
  expect(await opened.next()).toEqual([{ fact: 'ended', key: op.key, result: { status: 'cancelled' } }]);
});

test('something a command leaves in the background does not hold its step', async () => {
  const { result, lines } = await runCommand({ command: 'sleep 600 & echo $!' });
  process.kill(Number(lines()[0]));
  expect(result).toMatchObject({ status: 'succeeded' });
});

test('the files a command wrote are gone once they are recorded', async () => {
  const { folder } = await runCommand({ command: 'echo a=1 >> "$RELPIPE_OUTPUT"; echo b=2 >> "$RELPIPE_STATE"', outputs: { a: 'integer' } });
  expect(existsSync(join(folder, 'runs/20261120-1642-k3f9/exchange/build__a.run.1.state'))).toBe(false);
});

test('the files a command writes are private, and gone also when it is stopped', async () => {
  const { folder, lines } = await runCommand({ command: 'echo a=1 >> "$RELPIPE_OUTPUT"; stat -c %a "$RELPIPE_OUTPUT" "$RELPIPE_STATE"; sleep 60' }, { timeoutMs: 1_000 });
  expect(lines()).toEqual(['600', '600']);
  expect(readdirSync(join(folder, 'runs/20261120-1642-k3f9/exchange'))).toEqual([]);
});
