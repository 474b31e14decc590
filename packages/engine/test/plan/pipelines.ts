import { Type } from 'typebox';
import { approval, defineComposite, defineStep, quantity, secret, shape, type TeardownScope } from '../../src/contract/index.ts';
import { expressionOf } from '../../src/expressions/names-in.ts';
import { parseTemplated } from '../../src/expressions/templates/parse-templated.ts';
import type { Value } from '../../src/expressions/value.ts';
import { runStep } from '../../src/builtin/run.ts';
import type { PluginRegistry } from '../../src/plugins/registry.ts';
import type { InputDeclaration, SecretDeclaration, StageDeclaration, StepDeclaration, ValidPipeline } from '../../src/validate/valid-pipeline.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const place = { file: 'release.pipeline.yaml', line: 1, column: 1, length: 1 };

/** The value of a text of the file. */
export function text(source: string): Value {
  const parsed = parseTemplated(source);
  if (!parsed.ok) throw new Error(parsed.findings[0]!.message);
  return parsed.value;
}

export const when = expressionOf;

export const input = (name: string, type: InputDeclaration['type'], more: Partial<InputDeclaration> = {}): InputDeclaration => ({
  name,
  type,
  required: false,
  at: { ...place, line: 7 },
  ...more,
});

export const secretDeclared = (name: string, more: Partial<SecretDeclaration> = {}): SecretDeclaration => ({ name, required: true, at: place, ...more });

export const step = (id: string, more: Partial<StepDeclaration> = {}): StepDeclaration => ({
  id,
  title: id,
  action: { kind: 'task', uses: 'test.publish', with: { version: '1.4.0' } },
  needs: [],
  gates: [],
  wakeEveryMs: 15 * minute,
  irreversible: false,
  onLost: 'ask',
  at: place,
  placeOf: (path) => ({ ...place, line: 40 + path.length }),
  ...more,
});

export const run = (id: string, command: Value, more: Partial<StepDeclaration> = {}, settings: Record<string, Value> = {}): StepDeclaration =>
  step(id, { action: { kind: 'task', uses: 'relpipe.run', with: { command, ...settings } }, ...more });

export const stage = (id: string, steps: readonly StepDeclaration[], more: Partial<StageDeclaration> = {}): StageDeclaration => ({
  id,
  title: id,
  needs: [],
  parallel: false,
  steps,
  finally: [],
  at: place,
  placeOf: () => place,
  ...more,
});

const publish = defineStep({
  summary: 'Publishes.',
  with: Type.Object({ version: Type.String(), token: Type.Optional(secret('Token.')) }),
  outputs: Type.Object({ digest: Type.String() }),
  state: Type.Object({ before: Type.String() }),
  onLost: 'probe',
  run: async () => ({ digest: 'sha256:0' }),
  probe: async () => ({ found: 'not-done' }),
  rollback: { run: async () => undefined },
});

const shift = defineStep({
  summary: 'Moves traffic.',
  with: Type.Object({ weight: quantity('percent', 'New weight.'), from: Type.Optional(quantity('percent', 'Weight before.')) }),
  outputs: Type.Object({ weight: quantity('percent', 'Weight reached.') }),
  onLost: 'retry',
  run: async (config) => ({ weight: config.weight }),
  rollback: { restoresTraffic: true, run: async () => undefined },
});

const upload = defineStep({
  summary: 'Uploads what only a person can withdraw.',
  with: Type.Object({}),
  outputs: Type.Object({}),
  onLost: 'retry',
  run: async () => ({}),
  rollback: { instruct: async () => 'Remove it.', confirm: async () => true },
});

const notify = defineStep({
  summary: 'Tells somebody.',
  with: Type.Object({ text: Type.String() }),
  outputs: Type.Object({}),
  rollback: 'nothing',
  onLost: 'ask',
  run: async () => ({}),
});

const service = (scope: TeardownScope) =>
  defineStep({
    summary: 'Starts a service.',
    with: Type.Object({}),
    outputs: Type.Object({}),
    rollback: 'nothing',
    onLost: 'retry',
    run: async () => ({}),
    teardown: { scope, run: async () => undefined },
  });

const pair = defineComposite({
  summary: 'Two services, one after the other.',
  with: Type.Object({}),
  outputs: Type.Object({}),
  unfold(_config, into) {
    into.step('first', { uses: 'test.service-step', with: {} });
    into.step('second', { uses: 'test.service-stage', with: {} });
    return {};
  },
});

const canary = defineComposite({
  summary: 'Shifts traffic in phases.',
  with: Type.Object({
    phases: shape(
      Type.Array(
        Type.Object({ weight: quantity('percent', 'Weight.'), hold: quantity('duration', 'How long.'), approval: Type.Optional(approval('Question.')) }),
      ),
    ),
    gates: Type.Optional(Type.Array(Type.String())),
  }),
  outputs: Type.Object({ weight: quantity('percent', 'Weight reached.') }),
  unfold({ phases, gates }, into) {
    let reached = { $later: 'percent("0%")' };
    phases.forEach(({ weight, hold, approval: question }, i) => {
      if (question) into.approval(`${i + 1}-approval`, question);
      const child = into.step(`${i + 1}-shift`, {
        uses: 'test.shift',
        outputs: shift.outputs,
        with: i === 0 ? { weight } : { weight, from: reached },
      });
      reached = child.output('weight');
      into.hold(`${i + 1}-hold`, { for: hold, ...(Array.isArray(gates) && { gates: gates as string[] }) });
    });
    return { weight: reached };
  },
  rollback({ phases }, into, urgency) {
    if (urgency === 'staged') into.step('1-shift', { uses: 'test.shift', with: { weight: phases[0]!.weight } });
    into.step('restore', { uses: 'test.shift', with: { weight: 0 } });
  },
});

const services = Object.fromEntries((['step', 'stage', 'run'] as const).map((scope) => [`test.service-${scope}`, service(scope)]));

export const registry: PluginRegistry = {
  plugins: [{ package: '@test/plugin', name: 'test', version: '1.0.0', root: '/nowhere' }],
  steps: new Map(Object.entries({ 'test.publish': publish, 'test.shift': shift, 'test.notify': notify, 'test.upload': upload, 'relpipe.run': runStep, ...services })),
  metrics: new Map(),
  composites: new Map(Object.entries({ 'test.canary': canary, 'test.pair': pair })),
  groups: new Map(),
  channels: new Map(),
};

/** A pipeline as the validator would give it. */
export const pipeline = (more: Partial<ValidPipeline>): ValidPipeline =>
  ({
    file: place.file,
    folder: '/',
    name: 'test',
    registry,
    inputs: [],
    environments: {},
    secrets: [],
    groups: {},
    defaults: { timeoutMs: 10 * minute, retry: { attempts: 3, losses: 3, firstMs: 2_000, maxMs: minute } },
    windows: [],
    gates: [],
    notify: [],
    stages: [],
    finally: [],
    onFailure: 'rollback',
    outputs: {},
    outputTypes: {},
    source: '',
    ...more,
  }) as ValidPipeline;
