import { expect, test } from 'vitest';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { findings, valid } from '../validate/validate.ts';

const file = (env: string) => `
inputs: { level: { type: string, default: high }, tag: { type: string, required: false } }
secrets: { TOKEN: {} }
defaults: { env: ${env} }
gates: { health: { every: 1s, metrics: { lines: { run: wc -l, unit: count, threshold: { max: 1 }, no-data: fail } } } }
stages:
  one:
    steps:
      - { id: plain, run: make, gates: [health] }
      - { id: own, run: make, env: { LEVEL: low, MORE: "1" }, rollback: [{ id: back, run: make back }] }
      - { id: other, uses: shop.push, with: { tag: x } }
`;

test('the variables of `defaults` reach every command of the file, and those of a step win', async () => {
  const built = await buildPlan(valid(file('{ LEVEL: "${{ inputs.level }}", BUILDKIT: 1, TAG: "${{ inputs.tag }}" }')), { inputs: {} });
  if (!built.ok) throw new Error(built.diagnostics.map(({ message }) => message).join('\n'));
  const { steps, gates } = built.plan;
  const envOf = (key: string) => {
    const act = steps.find((step) => step.key === key)?.act;
    return act?.act === 'task' ? (act.with as { env?: unknown }).env : undefined;
  };
  const common = { LEVEL: 'high', BUILDKIT: '1' };

  expect([envOf('one/plain'), envOf('one/own'), envOf('one/other')]).toEqual([common, { ...common, LEVEL: 'low', MORE: '1' }, undefined]);
  expect(steps.map(({ rollback }) => rollback)[1]).toMatchObject({ now: [{ act: { with: { env: common } } }] });
  expect(gates['health']?.metrics[0]?.with).toMatchObject({ env: common });
});

test('a secret is not given to every command', () => {
  expect(findings(file('{ TOKEN: "${{ secrets.TOKEN }}" }'))).toEqual(['REL_SECRET_NOT_ALLOWED 4:27']);
});
