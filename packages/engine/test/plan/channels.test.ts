import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { type ChannelType, defineChannel } from '../../src/contract/index.ts';
import { expressionOf } from '../../src/expressions/names-in.ts';
import { notifyEvents } from '../../src/model/notify.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { runbookFor } from '../../src/plan/runbook.ts';
import type { ValidPipeline } from '../../src/validate/valid-pipeline.ts';
import { pipeline, place, registry, run, stage } from './pipelines.ts';

const chat = defineChannel({
  summary: 'Tells a chat',
  with: Type.Object({ deduplicates: Type.Optional(Type.Boolean()) }),
  recognizesRepetition: ({ deduplicates }) => deduplicates === true,
  send: async () => undefined,
});
const page = defineChannel({ summary: 'Keeps a page', with: Type.Object({}), update: async () => undefined });
const withChannels = { ...registry, channels: new Map<string, ChannelType>([['test.chat', chat], ['test.page', page]]) };

async function planOf(parts: Partial<ValidPipeline>): Promise<Plan> {
  const built = await buildPlan(pipeline({ registry: withChannels, ...parts }), { inputs: {} });
  if (!built.ok) throw new Error(built.diagnostics.map(({ message }) => message).join('\n'));
  return built.plan;
}

const stages = [stage('build', [run('make', 'make')]), stage('release', [run('shift', 'shift'), run('watch', 'watch')])];

describe('the channels of a plan', () => {
  test('a channel without events is told everything, and says what it is', async () => {
    const { notify } = await planOf({ stages, notify: [{ uses: 'test.chat', with: {}, at: place }, { uses: 'test.page', with: {}, events: ['ended'], at: place }] });
    expect(notify).toEqual([
      { entry: 0, uses: 'test.chat', with: {}, secrets: [], events: notifyEvents },
      { entry: 1, uses: 'test.page', with: {}, secrets: [], events: ['ended'], document: true },
    ]);
  });

  test('a channel says by its settings whether its receiver recognizes a repetition', async () => {
    const { notify } = await planOf({ stages, notify: [{ uses: 'test.chat', with: { deduplicates: true }, at: place }] });
    expect(notify?.[0]?.repeatable).toBe(true);
  });

  test('from names the keys of stages and steps', async () => {
    const { notify } = await planOf({ stages, notify: [{ uses: 'test.chat', with: {}, from: ['build', 'watch'], at: place }] });
    expect(notify?.[0]?.from).toEqual(['build', 'release/watch']);
  });

  test('a channel whose condition is false is left out, and the others keep their places in the file', async () => {
    const notify = [{ uses: 'test.chat', with: {}, when: expressionOf('1 == 2'), at: place }, { uses: 'test.page', with: {}, when: expressionOf('1 == 1'), at: place }];
    expect((await planOf({ stages, notify })).notify?.map(({ entry, uses }) => [entry, uses])).toEqual([[1, 'test.page']]);
  });
});

describe('the runbooks of a plan', () => {
  test('the nearest runbook is that of the step, its stage or the file', async () => {
    const [build, release] = stages as [(typeof stages)[0], (typeof stages)[0]];
    const [shift, watch] = release.steps as [(typeof release.steps)[0], (typeof release.steps)[0]];
    const plan = await planOf({ runbook: 'Call ann', stages: [build, { ...release, runbook: 'Call bob', steps: [shift, { ...watch, runbook: 'Wait' }] }] });
    expect(['release/watch', 'release/shift', 'release', 'build/make', ''].map((key) => runbookFor(plan, key))).toEqual(['Wait', 'Call bob', 'Call bob', 'Call ann', 'Call ann']);
  });
});
