import { Type, type Static } from 'typebox';
import { typeNames } from '../../expressions/scope.ts';
import { assertion, command, condition, duration, envShape, expects, flag, mapOf, maxParallel, nameList, onFailure, oneOf, retry, runbook, runsOn, skippable, scalar, strict, string, windowNames } from './shape-parts.ts';

const scalars = Type.Record(Type.String(), scalar, expects('a mapping of axes to values'));

const matrixShape = Type.Object(
  {
    axes: Type.Record(
      Type.String(),
      Type.Unsafe<string | readonly (string | number | boolean)[]>({
        type: ['array', 'string'],
        items: scalar,
        minItems: 1,
        uniqueItems: true,
        ...expects('a list of values, or an expression over the inputs'),
      }),
      expects('a mapping of axes to lists, e.g. { python: ["3.11", "3.12"] }, at least one', { minProperties: 1 }),
    ),
    include: Type.Optional(Type.Array(scalars, expects('a list of combinations'))),
    exclude: Type.Optional(Type.Array(scalars, expects('a list of combinations'))),
    'max-parallel': Type.Optional(maxParallel('How many of its combinations run at once. Default: any number.')),
    'fail-fast': Type.Optional(flag('When one fails, the others are cancelled. Default: true.')),
  },
  { ...strict, ...expects('a mapping with axes'), description: 'Runs the step once for each combination.' },
);
export type MatrixShape = Static<typeof matrixShape>;

const gateEntry = Type.Unsafe<string | Readonly<Record<string, string>>>({
  type: ['string', 'object'],
  additionalProperties: { enum: ['rollback', 'pause', 'continue'], ...expects('rollback, pause or continue') },
  minProperties: 1,
  maxProperties: 1,
  ...expects('the name of a gate, or { name: pause }'),
});

/** The keys of every step. */
const every = {
  id: Type.Optional(string('Required; unique in the file.')),
  name: Type.Optional(string('For people.')),
  when: Type.Optional(condition),
  window: Type.Optional(windowNames),
  needs: Type.Optional(nameList('step ids', 'Steps of the same parallel stage that come first.')),
  'on-failure': Type.Optional(onFailure),
  skippable: Type.Optional(skippable),
  runbook: Type.Optional(runbook),
  matrix: Type.Optional(matrixShape),
};

/** The keys of steps that take time. */
const around = {
  ...every,
  'runs-on': Type.Optional(runsOn),
  gates: Type.Optional(Type.Array(gateEntry, expects('a list of gates', { description: 'Gates that watch while the step runs.' }))),
  timeout: Type.Optional(duration('Of a working step: of one attempt. Of a hold, gate or approval: from its start.')),
};

/** Of every step that takes time but a sub-pipeline, whose steps have their own. */
const common = {
  ...around,
  'wake-every': Type.Optional(duration('The longest time without a sample while the run is parked. Default: 15m.')),
};

const working = {
  ...common,
  retry: Type.Optional(retry),
  rollback: Type.Optional(
    Type.Unsafe<'none' | readonly unknown[]>({
      anyOf: [{ const: 'none' }, { type: 'array', minItems: 1 }],
      description: 'Steps with run or uses that roll it back, or none when nothing has to be rolled back.',
      ...expects('a list of steps, or none'),
    }),
  ),
  irreversible: Type.Optional(flag('The run never rolls back across it by itself.')),
  artifacts: Type.Optional(
    Type.Array(string('A glob.'), expects('a list of globs, e.g. [dist/**]', { minItems: 1, uniqueItems: true, description: 'Files that are kept with the run.' })),
  ),
};

const runShape = Type.Object(
  {
    run: command('A command: a string for the shell, or a list of arguments.'),
    env: Type.Optional(envShape('Added to the environment.')),
    workdir: Type.Optional(string('Default: the folder of the pipeline file.')),
    outputs: Type.Optional(mapOf(oneOf(typeNames, 'Its type.'), 'names to types', 'What it writes to $RELPIPE_OUTPUT.')),
    idempotent: Type.Optional(flag('Running it twice has the same effect as running it once.')),
    probe: Type.Optional(command('A command that checks whether the effect is already there.')),
    ...working,
  },
  strict,
);

const usesShape = Type.Object(
  {
    uses: string('A step type of a plugin.'),
    with: Type.Optional(mapOf(Type.Unknown(), 'settings', 'What the step type needs.')),
    ...working,
  },
  strict,
);

const holdShape = Type.Object(
  {
    hold: duration('How long to wait.'),
    'at-end': Type.Optional(oneOf(['wait', 'pause', 'fail'], 'What follows when a gate does not pass at the end. Default: wait.')),
    ...common,
  },
  strict,
);

const gateStepShape = Type.Object({ gate: string('Waits for its conclusive answer.'), ...common }, strict);

const people = (description: string) =>
  Type.Array(Type.String(), expects('a list of groups, at least one', { description, minItems: 1, uniqueItems: true }));

const approvalShape = Type.Object(
  {
    approval: string('The question.'),
    approvers: Type.Optional(
      Type.Object(
        {
          count: Type.Optional(
            Type.Unsafe<string | number>({
              type: ['integer', 'string'],
              minimum: 1,
              description: 'How many people have to approve, or all. Default: 1.',
              ...expects('a number of people, 1 or more, or all'),
            }),
          ),
          of: Type.Optional(people('Those who may approve: groups, and expressions that return names. Default: anybody.')),
          except: Type.Optional(people('People who may not answer.')),
          delegates: Type.Optional(people('People who may answer on behalf of one who is asked: relpipe approve --on-behalf-of NAME')),
        },
        { ...strict, ...expects('a mapping, e.g. { count: 2, of: [release-managers] }') },
      ),
    ),
    items: Type.Optional(
      Type.Unsafe<string | readonly string[]>({
        type: ['array', 'string'],
        items: { type: 'string', minLength: 1, ...expects('a string') },
        minItems: 1,
        minLength: 1,
        description: 'A checklist: items, or a Markdown file with `- [ ]` lines. Each is approved by itself: relpipe approve --item N',
        ...expects('a list of items, or a Markdown file with `- [ ]` lines'),
      }),
    ),
    'at-timeout': Type.Optional(oneOf(['reject', 'approve'], 'What silence means at the timeout. Default: reject.')),
    ...common,
  },
  strict,
);

const pipelineStepShape = Type.Object(
  {
    pipeline: string('Another pipeline file, relative to this one.'),
    with: Type.Optional(mapOf(Type.Unknown(), 'inputs', 'The values of its inputs.')),
    environment: Type.Optional(string('Which of its environments; required where it has any.')),
    ...around,
  },
  strict,
);

const assertShape = Type.Object(
  { assert: assertion, message: Type.Optional(string('What is wrong when it is not true.')), ...every },
  strict,
);

/** By the key that says what a step does. */
export const stepShapes = {
  run: runShape,
  uses: usesShape,
  pipeline: pipelineStepShape,
  hold: holdShape,
  gate: gateStepShape,
  approval: approvalShape,
  assert: assertShape,
};
export type ActionKey = keyof typeof stepShapes;
export type RunShape = Static<typeof runShape>;
export type UsesShape = Static<typeof usesShape>;
export type PipelineStepShape = Static<typeof pipelineStepShape>;
export type HoldShape = Static<typeof holdShape>;
export type GateStepShape = Static<typeof gateStepShape>;
export type ApprovalShape = Static<typeof approvalShape>;
export type AssertShape = Static<typeof assertShape>;
