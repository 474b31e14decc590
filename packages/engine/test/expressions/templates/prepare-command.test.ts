import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prepareCommand } from '../../../src/expressions/templates/prepare-command.ts';

const commandOf = (text: string) => {
  const prepared = prepareCommand(text);
  return prepared.ok ? prepared.command : prepared.findings.map(({ code, offset }) => `${code} at ${offset}`);
};

test.each([
  ['echo ${{ a }}', 'echo "${RELPIPE_1}"'],
  ['echo "x ${{ a }} y" ${{ b }}', 'echo "x ${RELPIPE_1} y" "${RELPIPE_2}"'],
  ['tag=${{ a }}-${{ b }}', 'tag="${RELPIPE_1}"-"${RELPIPE_2}"'],
  ['echo "$(date "${{ a }}")"', 'echo "$(date "${RELPIPE_1}")"'],
  ["echo it\\'s ${{ a }}", 'echo it\\\'s "${RELPIPE_1}"'],
  ['echo "it\'s ${{ a }}"', 'echo "it\'s ${RELPIPE_1}"'],
  ['cat <<< ${{ a }}', 'cat <<< "${RELPIPE_1}"'],
  ['cat <<EOF\nx\nEOF\necho ${{ a }}', 'cat <<EOF\nx\nEOF\necho "${RELPIPE_1}"'],
  ["# don't\necho ${{ a }}", '# don\'t\necho "${RELPIPE_1}"'],
  ['echo $# a#b ${{ a }}', 'echo $# a#b "${RELPIPE_1}"'],
  ['pytest', 'pytest'],
])('%s becomes %s', (text, command) => expect(commandOf(text)).toBe(command));

describe('an expression is refused where the shell would not insert its value, or would interpret it', () => {
  test.each([
    ["echo '${{ a }}'", 'REL_COMMAND_SINGLE_QUOTES at 10'],
    ["echo $'${{ a }}'", 'REL_COMMAND_EXPRESSION_UNSAFE at 11'],
    ['cat <<EOF\n${{ a }}\nEOF', 'REL_COMMAND_EXPRESSION_UNSAFE at 14'],
    ['echo $((1 + ${{ a }}))', 'REL_COMMAND_EXPRESSION_UNSAFE at 16'],
    ['[[ ${{ a }} -eq 1 && 1 -eq ${{ b }} ]]', 'REL_COMMAND_EXPRESSION_UNSAFE at 31'],
    ['echo ${X:-${{ a }}}', 'REL_COMMAND_EXPRESSION_UNSAFE at 14'],
    ['echo `echo ${{ a }}`', 'REL_COMMAND_EXPRESSION_UNSAFE at 15'],
    ['echo \\${{ a }}', 'REL_COMMAND_EXPRESSION_UNSAFE at 10'],
    ['bash -c "echo ${{ a }}"', 'REL_COMMAND_EXPRESSION_UNSAFE at 18'],
    ['bash -ec "set -x\necho ${{ a }}"', 'REL_COMMAND_EXPRESSION_UNSAFE at 26'],
    ['ssh host \\\n  "rm ${{ a }}"', 'REL_COMMAND_EXPRESSION_UNSAFE at 21'],
    ['echo "$(case x in x) echo ${{ a }};; esac)"', 'REL_COMMAND_EXPRESSION_UNSAFE at 30'],
    ['eval ${{ a }}', 'REL_COMMAND_EXPRESSION_UNSAFE at 9'],
  ])('%s', (text, finding) => expect(commandOf(text)).toEqual([finding]));
});

test('a secret in a command is refused, and the hint says how to pass it', () => {
  const prepared = prepareCommand('login ${{ secrets.MY_TOKEN }}');

  expect(prepared.ok ? [] : prepared.findings[0]).toMatchObject({ code: 'REL_SECRET_IN_COMMAND', hint: expect.stringContaining('env: { MY_TOKEN:') as string });
});

test('the variables of a command hold its expressions as strings', () => {
  const prepared = prepareCommand('echo ${{ inputs.a }} ${{ steps.b.outputs.c }}');

  expect(prepared.ok && prepared.variables).toEqual({
    RELPIPE_1: { $text: [{ $expr: 'inputs.a', reads: [] }] },
    RELPIPE_2: { $text: [{ $expr: 'steps.b.outputs.c', reads: ['b'] }] },
  });
});

test('the value of an expression is never read as a part of the script', () => {
  const prepared = prepareCommand('printf %s ${{ a }}"${{ a }}"x${{ a }}');
  if (!prepared.ok) throw new Error('refused');
  const nasty = fc.array(fc.constantFrom('$(exit 9)', '`exit 9`', '"', "'", '\\', ';', ' ', '*', '\n', '&', '${HOME}', 'a'), { minLength: 1 });
  fc.assert(
    fc.property(nasty, (pieces) => {
      const value = pieces.join('');
      const env = { PATH: process.env['PATH'], RELPIPE_1: value, RELPIPE_2: value, RELPIPE_3: value };
      expect(execFileSync('sh', ['-c', prepared.command], { env, encoding: 'utf8' })).toBe(`${value}${value}x${value}`);
    }),
    { numRuns: 40 },
  );
});
