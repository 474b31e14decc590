import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Json } from '../../src/contract/index.ts';
import { createEvaluator } from '../../src/expressions/create-evaluator.ts';
import { buildPlan, type PlanOptions } from '../../src/plan/build-plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { replay, runPlan, tasksOf } from '../run/core/run-plan.ts';
import { valid } from '../validate/validate.ts';

const pipeline = valid(`
inputs:
  tag: { type: string, pattern: "v(?P<version>.+)", default: "\${{ ci.tag }}", required: false }
  version: { type: semver, default: "\${{ inputs.tag.version }}" }
  live: { type: semver, default: "\${{ history('sample')[0].inputs.version }}", required: false }
  weight: { type: percent, default: "\${{ history('sample')[0].outputs.weight }}", required: false }
  who: { type: string, default: "\${{ default(ci.actor, 'nobody') }}" }
  regions: { type: list, default: [eu] }
  dry: { type: boolean, default: false }
environments:
  staging: { dry: true }
  production: { regions: [eu, us] }
secrets:
  TOKEN: { required: false, from: "\${{ run.environment == 'staging' ? 'STAGING_TOKEN' : 'TOKEN' }}" }
stages:
  build:
    parallel: true
    steps:
      - { id: each, run: "deploy \${{ matrix.region }} \${{ inputs.version }}", matrix: { axes: { region: "\${{ inputs.regions }}" } } }
      - { id: tagged, when: has(inputs.tag), run: "echo \${{ default(inputs.tag, '') }}", env: { TAG: "\${{ inputs.tag }}" } }
      - { id: asks, when: "!has(inputs.live) || inputs.version.bump(default(inputs.live, inputs.version)) != 'patch'", run: "true" }
      - { id: live, when: "run.environment == 'production' && !inputs.dry", run: "echo \${{ inputs.who }}" }
  publish:
    needs: [build]
    steps:
      - { id: push, when: has(secrets.TOKEN), run: "push", env: { TOKEN: "\${{ secrets.TOKEN }}", WEIGHT: "\${{ inputs.weight }}" } }
      - { id: later, when: "has(secrets.TOKEN) == (run.started-by == 'ann')", run: "true" }
outputs: { version: "\${{ inputs.version }}", in: "\${{ run.environment }}" }
`);

const version = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)).map((parts) => parts.join('.'));
const entry = fc
  .record({ version, weight: fc.option(fc.constantFrom('10%', '50%'), { nil: undefined }) })
  .map(({ version: was, weight }) => ({ run: `run-${was}`, inputs: { version: was }, outputs: weight === undefined ? {} : { weight }, types: { version: 'semver' as const } }));

interface World {
  readonly options: PlanOptions;
  readonly hasToken: boolean;
}

/** Everything outside of the file that a plan could depend on. */
const world: fc.Arbitrary<World> = fc
  .record({
    tag: fc.option(version.map((text) => `v${text}`), { nil: undefined }),
    actor: fc.option(fc.constantFrom('ann', 'bob'), { nil: undefined }),
    entries: fc.array(entry, { maxLength: 2 }),
    environment: fc.constantFrom('staging', 'production'),
    given: fc.record({ version, dry: fc.constantFrom('true', 'false'), live: version, regions: fc.constantFrom('eu', 'eu,us,asia') }, { requiredKeys: ['version'] }),
    hasToken: fc.boolean(),
  })
  .map(({ tag, actor, entries, environment, given, hasToken }) => ({
    hasToken,
    options: {
      inputs: tag === undefined ? given : Object.fromEntries(Object.entries(given).filter(([name]) => name !== 'version')),
      environment,
      ci: { system: 'test', values: { ...(tag !== undefined && { tag }), ...(actor !== undefined && { actor }) } },
      history: async () => entries,
      hasVariable: (variable) => hasToken && variable === (environment === 'staging' ? 'STAGING_TOKEN' : 'TOKEN'),
    },
  }));

async function planIn(options: PlanOptions): Promise<Plan> {
  const built = await buildPlan(pipeline, options);
  if (!built.ok) throw new Error(built.diagnostics.map(({ message }) => message).join('\n'));
  return JSON.parse(JSON.stringify(built.plan)) as Plan;
}

const run = (plan: Plan) =>
  runPlan(plan, (op) => (op.op === 'task' ? [[1_000, { fact: 'ended', key: op.key, result: { status: 'succeeded', output: {} } }]] : []), createOptions(plan));

const createOptions = (plan: Plan) => ({ evaluate: createEvaluator(plan.types).evaluate });

/** Every value as somebody would give it by hand. */
const asGiven = (inputs: Readonly<Record<string, Json>>): Record<string, string> =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));

test('a recorded plan runs in the same way whatever the environment says later', async () => {
  await fc.assert(
    fc.asyncProperty(world, world, async (now, later) => {
      const plan = await planIn(now.options);
      const first = await run(plan);
      const { tag = '', actor = '' } = later.options.ci?.values ?? {};
      const token = later.hasToken ? 'x' : '';
      const environment = { GITHUB_ACTIONS: 'true', GITHUB_REF: `refs/tags/${tag}`, GITHUB_ACTOR: actor, TOKEN: token, STAGING_TOKEN: token };
      for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
      const again = await run(JSON.parse(JSON.stringify(plan)) as Plan);
      vi.unstubAllEnvs();
      expect(again.journal).toEqual(first.journal);
      expect(replay(first.journal).outputs).toEqual({ version: plan.inputs['version'], in: now.options.environment });
      expect(tasksOf(first.journal).some((key) => key.startsWith('publish/push'))).toBe(now.hasToken);
    }),
    { numRuns: 100 },
  );
});

test('the recorded inputs, given by hand where nothing else says anything, make the same plan', async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ options }) => {
      const plan = await planIn(options);
      const { environment, hasVariable = () => false } = options;
      const byHand = await planIn({ inputs: asGiven(plan.inputs), environment, hasVariable, history: async () => [] });
      expect(byHand.fingerprint).toBe(plan.fingerprint);
    }),
    { numRuns: 100 },
  );
});
