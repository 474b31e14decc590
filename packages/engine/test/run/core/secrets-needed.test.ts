import { expect, test } from 'vitest';
import { buildPlan } from '../../../src/plan/build-plan.ts';
import { evolve } from '../../../src/run/core/evolve.ts';
import { secretsNeeded, secretsToStart } from '../../../src/run/core/state/secrets-needed.ts';
import { newRunState } from '../../../src/run/core/state/run-state.ts';
import { valid } from '../../validate/validate.ts';
import { planned } from './plans.ts';

const using = (secret: string) => `run: "true", env: { GIVEN: "\${{ secrets.${secret} }}" }`;

/** What a run of these steps needs at its start, where only these variables have a value. */
async function neededBy(steps: string, present: readonly string[] = []) {
  const pipeline = valid(`
inputs: { dry: { type: boolean, default: true } }
secrets: { A: {}, B: {}, OPTIONAL: { required: false } }
stages: { one: { steps: [{ id: first, run: "true", outputs: { go: boolean } }, ${steps}] } }
`);
  const built = await buildPlan(pipeline, { inputs: {}, hasVariable: (variable) => present.includes(variable) });
  if (!built.ok) throw new Error(built.diagnostics.map(({ message }) => message).join('\n'));
  const state = newRunState();
  evolve(state, { ...planned(built.plan, 1), seq: 1, at: 0 });
  return { start: secretsToStart(built.plan), further: secretsNeeded(state, false) };
}

test('a run needs what the file requires, and a process that resumes it only what its steps use', async () => {
  expect(await neededBy(`{ id: a, ${using('A')} }`)).toEqual({ start: ['A', 'B'], further: ['A'] });
});

test('a step that does not run with these inputs needs nothing, nor does its rollback', async () => {
  const step = `{ id: a, when: "!inputs.dry", ${using('A')}, rollback: [{ id: back, ${using('B')} }] }`;

  expect(await neededBy(step)).toEqual({ start: [], further: [] });
});

test('an optional secret is needed by a step that runs, whether it has a value or not', async () => {
  const uses = `{ id: a, ${using('OPTIONAL')} }`;

  expect(await neededBy(uses, ['OPTIONAL'])).toEqual({ start: ['A', 'B', 'OPTIONAL'], further: ['OPTIONAL'] });
  expect(await neededBy(uses)).toEqual({ start: ['A', 'B', 'OPTIONAL'], further: ['OPTIONAL'] });
});

test.each(['has(secrets.OPTIONAL)', 'has(secrets.OPTIONAL) && steps.first.outputs.go'])('a step asks for an optional secret with the condition %s', async (condition) => {
  const asks = `{ id: a, when: ${condition}, ${using('OPTIONAL')}, rollback: [{ id: back, ${using('OPTIONAL')} }] }`;

  expect(await neededBy(asks, ['OPTIONAL'])).toEqual({ start: ['A', 'B', 'OPTIONAL'], further: ['OPTIONAL'] });
  expect(await neededBy(asks)).toEqual({ start: ['A', 'B'], further: [] });
});
