import { expect, test } from 'vitest';
import { commandMetric } from '../../src/builtin/command-metric.ts';
import { look, measureContext, secretOf } from './measure-context.ts';

type Config = Parameters<typeof commandMetric.measure>[0];
const measure = async (config: Config) => (await commandMetric.measure(config, look, measureContext()))[0]!;

test.each([
  ['0.25', 0.25],
  ['-1e-4', -0.0001],
  ['.5', 0.5],
  ['12.', 12],
  ['+3', 3],
  ['nan', Number.NaN],
  ['-inf', -Infinity],
  ['Infinity', Infinity],
])('a metric command that prints %s measures that', async (printed, value) => {
  expect(await measure({ command: `echo ${printed}` })).toMatchObject({ value, raw: printed, query: `echo ${printed}`, at: 1_000 });
});

test('a metric command is measured by its last line that is not empty', async () => {
  expect(await measure({ command: 'echo "checked 12 values"; echo " 0.5 "; echo' })).toMatchObject({ value: 0.5 });
});

test('a metric command that is a list of arguments needs no shell', async () => {
  expect(await measure({ command: ['printf', '%s', '7'] })).toMatchObject({ value: 7, query: 'printf %s 7' });
});

test('a metric command gets values and secrets as environment variables', async () => {
  const measured = await measure({ command: 'echo "$RELPIPE_1$TOKEN"', variables: { RELPIPE_1: 4 }, env: { TOKEN: secretOf('2') } });
  expect(measured.value).toBe(42);
});

test('a metric command runs in its working folder, relative to that of the pipeline file', async () => {
  expect(await measure({ command: 'test -d builtin && echo 1', workdir: '..' })).toMatchObject({ value: 1 });
});

test.each(['12 ms', '1,5', '0x10', 'ok', '1 2', 'e5'])('%s is not a number, and the error says what was printed', async (printed) => {
  await expect(measure({ command: ['printf', '%s', printed] })).rejects.toMatchObject({
    code: 'REL_METRIC_COMMAND_NOT_A_NUMBER',
    message: `The last line that the command printed is not a number: ${printed}`,
  });
});

test('a metric command that prints nothing is an error, not a zero', async () => {
  await expect(measure({ command: 'true' })).rejects.toMatchObject({ message: 'The command printed nothing.' });
});

test('a metric command that fails is an error with its last line, whatever number it printed', async () => {
  await expect(measure({ command: 'echo 0; echo "no golden file" >&2; exit 3' })).rejects.toMatchObject({
    code: 'REL_METRIC_COMMAND_FAILED',
    message: 'The command ended with exit code 3: no golden file',
  });
});

test('a metric command fails when a command in the middle of its pipe fails', async () => {
  await expect(measure({ command: 'false | echo 0' })).rejects.toMatchObject({ code: 'REL_METRIC_COMMAND_FAILED' });
});
