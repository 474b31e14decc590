import { Type, type TSchemaOptions } from 'typebox';
import { quantity } from '../../contract/index.ts';
import { list } from '../../util/phrases.ts';
import { expectsKeyword } from '../../schema/schema-node.ts';

export const expects = (words: string, more: TSchemaOptions = {}) => ({ [expectsKeyword]: words, ...more });

export const strict = { additionalProperties: false } as const;

/** Kebab-case, so that ids, keys and file names agree. */
export const namePattern = '^[a-z][a-z0-9]*(-[a-z0-9]+)*$';

export const string = (description: string) => Type.String(expects('a string', { description, minLength: 1 }));
export const flag = (description: string) => Type.Boolean(expects('true or false', { description }));
export const maxParallel = (description: string) => Type.Integer(expects('a number, 1 or more', { minimum: 1, description }));
export const duration = (description: string) => quantity('duration', description);
export const nameList = (what: string, description: string) =>
  Type.Array(Type.String(), expects(`a list of ${what}`, { description, uniqueItems: true }));
export const oneOf = <const W extends string>(words: readonly W[], description: string) =>
  Type.Unsafe<W>({ enum: words, description, ...expects(list(words, 'or')) });
export const mapOf = <S extends Parameters<typeof Type.Record>[1]>(value: S, what: string, description: string) =>
  Type.Record(Type.String(), value, expects(`a mapping of ${what}`, { description }));

export const command = (description: string) =>
  Type.Unsafe<string | readonly string[]>({
    type: ['string', 'array'],
    items: { type: 'string', ...expects('a string') },
    minItems: 1,
    minLength: 1,
    description,
    ...expects('a command: a string for the shell, or a list of arguments'),
  });
export const scalar = Type.Unsafe<string | number | boolean>({
  type: ['string', 'number', 'boolean'],
  ...expects('a string, a number, true or false'),
});
export const envShape = (description: string) => Type.Record(Type.String(), scalar, expects('a mapping of variables to values', { description }));

export const onFailure = oneOf(['rollback', 'pause', 'stop', 'continue'], 'What follows when it fails; the nearest setting wins.');

export const condition = Type.Unsafe<string | boolean>({
  type: ['string', 'boolean'],
  description: 'A CEL expression; when it is false, the stage or step is skipped.',
  ...expects('an expression, e.g. inputs.version.prerelease == ""'),
});

/** Read by `read-machine.ts`. */
export const runsOn = Type.Record(
  Type.String(),
  string('The value that the machine must have.'),
  expects('a mapping of requirements, e.g. { os: linux, arch: x64 }', {
    minProperties: 1,
    description: 'What the machine must provide: os (linux, macos) and arch (x64, arm64). On another one the run is refused before it starts.',
  }),
);

export const skippable = flag('A person may leave it out of a run, by `relpipe run --skip NAME --reason TEXT`. Default: false.');

export const runbook = string('What to do when something in it fails, as a text or a link. It is shown with the failure.');

export const assertion = Type.Unsafe<string | boolean>({
  type: ['string', 'boolean'],
  description: 'A CEL expression that must be true; otherwise the step fails, with the values in it.',
  ...expects('an expression, e.g. inputs.version.prerelease == ""'),
});

export const windowNames = Type.Unsafe<string | readonly string[]>({
  type: ['string', 'array'],
  items: { type: 'string', ...expects('the name of a window') },
  minItems: 1,
  description: 'It starts only while one of these windows is open, and waits until then: a name, a list of names, or none. An expression may read inputs.',
  ...expects('the name of a window, a list of names, or none'),
});

export const retry = Type.Object(
  {
    attempts: Type.Optional(
      Type.Integer(expects('a number of tries, 1 or more', { minimum: 1, description: 'Number of tries, including the first one.' })),
    ),
    backoff: Type.Optional(
      Type.String(
        expects('two durations, e.g. 2s..1m', {
          description: 'Pause before the second try, and the maximum pause; it doubles in between. Default: 2s..1m.',
        }),
      ),
    ),
    losses: Type.Optional(
      Type.Integer(
        expects('a number of runs, 1 or more', {
          minimum: 1,
          description:
            'Runs in a row that may be lost, because their process died, before a person is asked or the step fails. Default: 3.',
        }),
      ),
    ),
  },
  {
    ...strict,
    minProperties: 1,
    dependentRequired: { backoff: ['attempts'] },
    ...expects('a mapping, e.g. { attempts: 3, backoff: 2s..1m }'),
    description: 'How often it is tried.',
  },
);
