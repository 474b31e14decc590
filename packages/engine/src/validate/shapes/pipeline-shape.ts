import { Type, type Static } from 'typebox';
import { typeNames } from '../../expressions/scope.ts';
import { notifyEvents, type NotifyEvent } from '../../model/notify.ts';
import { concurrency } from './concurrency-shape.ts';
import { command, condition, duration, envShape, expects, flag, mapOf, maxParallel, nameList, onFailure, oneOf, retry, runbook, runsOn, skippable, strict, string, windowNames } from './shape-parts.ts';

const literal = (description: string) =>
  Type.Unsafe<string | number | boolean | readonly unknown[] | Readonly<Record<string, unknown>>>({
    type: ['string', 'number', 'boolean', 'array', 'object'],
    description,
    ...expects('a value'),
  });

export const inputShape = Type.Object(
  {
    type: oneOf(typeNames, 'The type of its value.'),
    description: Type.Optional(string('For people.')),
    required: Type.Optional(flag('Default: true. An optional input without a value leaves out each field in which it is alone.')),
    default: Type.Optional(literal('The value when none is given. May read other inputs, and as the only place ci and history(…). Without a value it counts as no default.')),
    min: Type.Optional(literal('The smallest value.')),
    max: Type.Optional(literal('The largest value.')),
    options: Type.Optional(Type.Array(Type.String(), expects('a list of strings', { minItems: 1, uniqueItems: true }))),
    pattern: Type.Optional(string('A regular expression (RE2) for the whole text of a string; its named groups can be read as fields.')),
  },
  { ...strict, ...expects('a mapping, e.g. { type: semver, required: true }') },
);
export type InputShape = Static<typeof inputShape>;

export const secretShape = Type.Object(
  {
    description: Type.Optional(string('For people.')),
    required: Type.Optional(flag('Default: true. false: `has(secrets.NAME)` in `when` tells whether it has a value.')),
    from: Type.Optional(string('The environment variable with its value; may read inputs and run.environment. Default: its name.')),
  },
  { ...strict, ...expects('{} or { description: …, required: false, from: … }') },
);

export const windowShape = Type.Object(
  {
    days: Type.Optional(
      Type.Array(Type.String(), expects('a list of days, e.g. [mon..thu] or [first tue, last fri]', { minItems: 1, uniqueItems: true, description: 'Default: every day.' })),
    ),
    hours: Type.Optional(string('By the wall clocks of the zone, e.g. 09:00..12:00, or 22:00..02:00 over midnight. Default: the whole day.')),
    zone: string('A time zone by its IANA name, e.g. Europe/Berlin.'),
    except: Type.Optional(
      Type.Unsafe<string | readonly string[]>({
        type: ['array', 'string'],
        items: { type: 'string', ...expects('a date or two, e.g. 2026-12-24 or 2026-12-21..2027-01-04') },
        description: 'Days on which it does not open: dates and ranges of dates, or an expression over the inputs that returns a list of them.',
        ...expects('a list of dates, e.g. [2026-12-24, 2026-12-31..2027-01-02]'),
      }),
    ),
  },
  { ...strict, ...expects('a mapping with zone, e.g. { days: [mon..thu], hours: 09:00..12:00, zone: Europe/Berlin }') },
);

export const channelShape = Type.Object(
  {
    uses: string('A channel of a plugin.'),
    with: Type.Optional(mapOf(Type.Unknown(), 'settings', 'What the channel needs.')),
    events: Type.Optional(
      Type.Array(
        oneOf<NotifyEvent>(notifyEvents, 'Sent to it.'),
        expects('a list of events', { minItems: 1, uniqueItems: true, description: 'Sent to it; default: all.' }),
      ),
    ),
    from: Type.Optional(
      Type.Array(
        Type.String(),
        expects('a list of stages or steps', { minItems: 1, uniqueItems: true, description: 'It hears only of these stages and steps. Default: of the whole run.' }),
      ),
    ),
    when: Type.Optional(
      Type.Unsafe<string | boolean>({
        type: ['string', 'boolean'],
        description: 'A CEL expression over inputs; when it is false, the channel is left out of the run.',
        ...expects('an expression, e.g. inputs.phase == "24h"'),
      }),
    ),
  },
  { ...strict, ...expects('a mapping with uses') },
);

/** A group by name is the list itself. */
export const peopleShape = nameList('people', 'The people of the group.');

export const groupShape = Type.Object(
  {
    run: Type.Optional(command('A command that prints one name a line.')),
    uses: Type.Optional(string('A group type of a plugin.')),
    with: Type.Optional(mapOf(Type.Unknown(), 'settings', 'What the group type needs.')),
  },
  { ...strict, ...expects('a list of people, or a mapping with run or uses') },
);

export const stageShape = Type.Object(
  {
    name: Type.Optional(string('For people.')),
    needs: Type.Optional(nameList('stage names', 'Stages that come first. Without it a stage starts at once.')),
    when: Type.Optional(condition),
    window: Type.Optional(windowNames),
    timeout: Type.Optional(duration('Working time: it runs while at least one working step runs.')),
    parallel: Type.Optional(flag('Its steps run side by side; otherwise in order.')),
    concurrency: Type.Optional(
      concurrency('A group of runs that its steps need in addition to that of the file, or none where its steps need no group.'),
    ),
    'on-failure': Type.Optional(onFailure),
    'runs-on': Type.Optional(runsOn),
    skippable: Type.Optional(skippable),
    runbook: Type.Optional(runbook),
    steps: Type.Array(Type.Unknown(), expects('a list of steps, at least one', { minItems: 1 })),
    finally: Type.Optional(
      Type.Array(Type.Unknown(), expects('a list of steps', { description: 'At the end of the stage, in every case.' })),
    ),
  },
  { ...strict, ...expects('a mapping with steps') },
);

const named = (what: string, description: string, more = {}) =>
  Type.Record(Type.String(), Type.Unknown(), expects(`a mapping of names to ${what}`, { description, ...more }));

export const pipelineShape = Type.Object(
  {
    relpipe: Type.Unsafe<1>({ const: 1, description: 'Version of the language.', ...expects('1') }),
    name: string('For people and for the record.'),
    description: Type.Optional(string('For people.')),
    plugins: Type.Optional(mapOf(Type.String(expects('a version range, e.g. ^1.0.0')), 'npm packages to version ranges', 'Plugins.')),
    inputs: Type.Optional(named('inputs', 'relpipe run --input name=value')),
    environments: Type.Optional(named('values of inputs', 'Presets of the inputs: relpipe run --environment NAME, which is then required.', { minProperties: 1 })),
    secrets: Type.Optional(named('secrets', 'Read from the environment; masked on every output.')),
    groups: Type.Optional(named('groups', 'Groups of people: who approves, and who operates a run.')),
    operators: Type.Optional(
      nameList('groups', 'Groups whose people may continue and stop a run, and roll back a finished one. Default: anybody. Everybody may roll back an open run.'),
    ),
    defaults: Type.Optional(
      Type.Object(
        {
          timeout: Type.Optional(duration('Of one attempt of a working step. Default: 10m.')),
          retry: Type.Optional(retry),
          env: Type.Optional(envShape('Variables of every command of the file; the `env` of a step wins.')),
        },
        { ...strict, ...expects('a mapping with timeout, retry and env') },
      ),
    ),
    timeout: Type.Optional(duration('Of the whole run, from its start, waiting included. When it is over, the run is paused.')),
    windows: Type.Optional(named('windows', 'Named here: when stages and steps may start.')),
    gates: Type.Optional(named('gates', 'Named here, watched by steps.')),
    notify: Type.Optional(
      Type.Array(Type.Unknown(), expects('a list of channels', { description: 'Notified of a run while it runs, of each event once.' })),
    ),
    stages: named('stages, at least one', 'Groups of steps.', { minProperties: 1 }),
    concurrency: Type.Optional(
      concurrency('The group of runs that a run takes before it changes anything, or none where runs cannot get in each other\'s way. Default: the name of the pipeline, with its environment.'),
    ),
    'on-failure': Type.Optional(onFailure),
    runbook: Type.Optional(runbook),
    rollback: Type.Optional(
      Type.Object(
        { 'max-parallel': maxParallel('How many rollbacks run at once. Those that return traffic never wait. Default: any number.') },
        { ...strict, ...expects('a mapping, e.g. { max-parallel: 4 }'), description: 'Of every rollback of a run.' },
      ),
    ),
    outputs: Type.Optional(mapOf(Type.Unknown(), 'names to values', 'Values for a calling pipeline.')),
    finally: Type.Optional(Type.Array(Type.Unknown(), expects('a list of steps', { description: 'After success, failure and rollback.' }))),
  },
  strict,
);
