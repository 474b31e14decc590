import { expect, test } from 'vitest';
import { buildPlan } from '../../src/plan/build-plan.ts';
import type { ValidPipeline } from '../../src/validate/valid-pipeline.ts';
import { input, pipeline, run, stage, step, text } from './pipelines.ts';

const build = (parts: Partial<ValidPipeline>, inputs: Record<string, string> = {}) => buildPlan(pipeline({ inputs: [input('tag', 'string', { pattern: 'v(?P<version>.+)' })], ...parts }), { inputs });

async function configsOf(parts: Partial<ValidPipeline>, inputs: Record<string, string> = {}) {
  const built = await build(parts, inputs);
  if (!built.ok) throw new Error(built.diagnostics.map(({ message }) => message).join('\n'));
  return built.plan.steps.map(({ act }) => (act.act === 'task' ? act.with : undefined));
}

const notify = (settings: Record<string, unknown>) => step('tell', { action: { kind: 'task', uses: 'test.free', with: settings as never } });

test('an optional input without a value leaves out the field in which it is alone, at any depth', async () => {
  const settings = { title: 'x', tag: text('${{ inputs.tag }}'), version: text('${{ inputs.tag.version }}'), labels: ['a', text('${{ inputs.tag }}')], inside: { tag: text('${{inputs.tag}}') } };

  expect(await configsOf({ stages: [stage('s', [notify(settings)])] })).toEqual([{ title: 'x', labels: ['a'], inside: {} }]);
  expect(await configsOf({ stages: [stage('s', [notify(settings)])] }, { tag: 'v2' })).toEqual([{ title: 'x', tag: 'v2', version: '2', labels: ['a', 'v2'], inside: { tag: 'v2' } }]);
});

test('a variable of a command is left out where an optional input without a value is all of it', async () => {
  const [config] = await configsOf({ stages: [stage('s', [run('build', 'make', {}, { env: { TAG: { $text: [text('${{ inputs.tag }}')] }, A: '1' } })])] });

  expect(config).toEqual({ command: 'make', env: { A: '1' } });
});

test.each([
  ['as part of a text', notify({ title: text('for ${{ inputs.tag }}') })],
  ['in an expression', notify({ title: text('${{ inputs.tag + "!" }}') })],
  ['in a script', run('build', 'rm -rf /"${RELPIPE_1}"', {}, { variables: { RELPIPE_1: { $text: [text('${{ inputs.tag }}') as never] } } })],
  ['as an argument of a command', run('build', ['deploy', '--tag', { $text: [text('${{ inputs.tag }}') as never] }])],
])('an optional input without a value is a finding %s', async (_, reader) => {
  const built = await build({ stages: [stage('s', [reader])] });

  expect(built.ok ? [] : built.diagnostics).toMatchObject([{ code: 'REL_INPUT_WITHOUT_VALUE', hint: expect.stringContaining('default(inputs.tag') as string }]);
});

test('has(…) and default(…) read an optional input without a value', async () => {
  const settings = { isTagged: text('${{ has(inputs.tag) }}'), tag: text('${{ default(inputs.tag, "none") }}') };

  expect(await configsOf({ stages: [stage('s', [notify(settings)])] })).toEqual([{ isTagged: false, tag: 'none' }]);
});
