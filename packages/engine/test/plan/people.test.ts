import { expect, test } from 'vitest';
import { checkExpression } from '../../src/expressions/check-expression.ts';
import { parsePipeline } from '../../src/load/parse-pipeline.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { validatePipeline } from '../../src/validate/validate-pipeline.ts';
import { registry } from './pipelines.ts';

/** The approvals of the plan of a file, by key, with their conditions. */
async function approvalsOf(stages: string, inputs: Readonly<Record<string, string>> = {}) {
  const source = `relpipe: 1
name: trial
inputs: { careful: { type: boolean, default: true }, reviewers: { type: list, default: '["pia"]' } }
groups: { managers: [ann, bob], on-call: { run: "./on-call.sh \${{ inputs.careful }}" } }
operators: [managers, on-call]
${stages}`;
  const validation = validatePipeline(parsePipeline('/project/release.pipeline.yaml', source), registry, checkExpression);
  if (!validation.ok) throw new Error(validation.diagnostics.map(({ message }) => message).join('\n'));
  const built = await buildPlan(validation.value, { inputs });
  if (!built.ok) throw new Error(built.diagnostics.map(({ message }) => message).join('\n'));
  const asked = built.plan.steps.filter(({ act }) => act.act === 'approval');
  return { plan: built.plan, approvals: Object.fromEntries(asked.map(({ key, act, when }) => [key, { ...act, ...(when && { when: when.$expr }) }])) };
}

test('a plan names the people of lists, the groups that are looked up, and expressions that only the run knows', async () => {
  const { plan, approvals } = await approvalsOf(`
stages:
  a:
    steps:
      - { id: who, run: echo, outputs: { people: list } }
      - id: sure
        approval: Go?
        approvers: { count: all, of: [managers, on-call, "\${{ inputs.reviewers }}", "\${{ steps.who.outputs.people }}"], except: ["\${{ run.started-by }}"], delegates: [managers] }
`);
  expect(approvals['a/sure']).toEqual({
    act: 'approval',
    ask: 'Go?',
    quorum: 'all',
    of: ['ann', 'bob', { group: 'on-call' }, 'pia', { names: { $expr: 'steps.who.outputs.people', reads: ['who'] } }],
    except: [{ names: { $expr: 'run.started-by', reads: [] } }],
    delegates: ['ann', 'bob'],
  });
  expect(plan.people).toEqual({ 'on-call': { uses: 'relpipe.members', with: { command: './on-call.sh "${RELPIPE_1}"', variables: { RELPIPE_1: 'true' } }, secrets: [] } });
  expect(plan.operators).toEqual(['ann', 'bob', { group: 'on-call' }]);
});

test('the question of a phase has the keys of an approval step', async () => {
  const { approvals } = await approvalsOf(`
stages:
  a:
    steps:
      - { id: who, run: echo, outputs: { people: list } }
      - id: canary
        uses: test.canary
        with:
          phases:
            - { weight: 10%, hold: 1m, approval: { question: Begin?, when: inputs.careful, items: [docs, tests], approvers: { count: 2, of: [managers] } } }
            - { weight: 50%, hold: 1m, approval: { question: Half?, when: "!inputs.careful", at-timeout: approve } }
            - weight: 100%
              hold: 1m
              approval: { question: All?, when: "size(steps.who.outputs.people) > 0", approvers: { count: all, of: ["\${{ inputs.reviewers }}", "\${{ steps.who.outputs.people }}", on-call], except: ["\${{ run.started-by }}"], delegates: [managers] } }
`);
  expect(approvals).toEqual({
    'a/canary/1-approval': { act: 'approval', ask: 'Begin?', quorum: 2, of: ['ann', 'bob'], items: ['docs', 'tests'] },
    'a/canary/2-approval': { act: 'approval', ask: 'Half?', quorum: 1, of: [], atTimeout: 'approve', when: 'false' },
    'a/canary/3-approval': {
      act: 'approval',
      ask: 'All?',
      quorum: 'all',
      of: ['pia', { names: { $expr: 'steps.who.outputs.people', reads: ['who'] } }, { group: 'on-call' }],
      except: [{ names: { $expr: 'run.started-by', reads: [] } }],
      delegates: ['ann', 'bob'],
      when: 'size(steps.who.outputs.people) > 0',
    },
  });
});

test.each([
  ['silence for a checklist', '{ question: Go?, items: [docs], at-timeout: approve }', 'is a checklist, which silence cannot approve'],
  ['everybody of no list', '{ question: Go?, approvers: { count: all } }', 'needs the people who are asked: `of`'],
  ['a checklist that is not there', '{ question: Go?, items: nowhere.md }', 'has the checklist nowhere.md, which cannot be used'],
  ['a group that the file does not have', '{ question: Go?, approvers: { of: [strangers] } }', 'Unknown group "strangers"'],
  ['more people than there are', '{ question: Go?, approvers: { count: 3, of: [managers] } }', '3 approvals are required, but managers has only 2 people'],
])('in the question of a phase, %s is refused', async (_, approval, message) => {
  const stages = `stages: { a: { steps: [{ id: canary, uses: test.canary, with: { phases: [{ weight: 10%, hold: 1m, approval: ${approval} }] } }] } }`;
  await expect(approvalsOf(stages)).rejects.toThrow(message);
});

test.each([
  ['a list that is empty', '[]', 'the expression has only 0 people'],
  ['a text with several names', '["ann, bob"]', 'must be a name or a list of names'],
])('%s of an input is refused before the run', async (_, reviewers, message) => {
  const stages = 'stages: { a: { steps: [{ id: sure, approval: Go?, approvers: { of: ["${{ inputs.reviewers }}"] } }] } }';
  await expect(approvalsOf(stages, { reviewers })).rejects.toThrow(message);
});
