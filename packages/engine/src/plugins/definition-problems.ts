import { units } from '../contract/metric-type.ts';
import { teardownScopes } from '../contract/step-type.ts';
import { holdsPoint } from '../schema/points.ts';
import { quoted } from '../util/phrases.ts';

/** The mistakes in one definition of a plugin, each as the end of a sentence about it. */
export type Problems = readonly string[];
export type Definition = Readonly<Record<string, unknown>>;

export function stepProblems(step: Definition): Problems {
  return problems(
    summaryProblem(step),
    schemaProblem(step, 'with'),
    schemaProblem(step, 'outputs'),
    step['state'] === undefined ? undefined : schemaProblem(step, 'state'),
    ...['outputs', 'state'].map((key) => pointProblem(step, key)),
    targetProblem(step),
    functionProblem(step, 'run'),
    wordProblem(step, 'onLost', ['probe', 'retry', 'ask']),
    ...rollbackProblems(step['rollback']),
    step['onLost'] === 'probe' ? functionProblem(step, 'probe', 'says onLost: "probe"') : undefined,
    ...optionalFunctions(step, ['verify', 'preview']),
    ...teardownProblems(step['teardown']),
  );
}

/** What a step has changed is named by fields of its saved state. */
function targetProblem({ target, state }: Definition): string | undefined {
  if (target === undefined) return undefined;
  if (state === undefined) return 'has a "target" and no schema "state"';
  const properties = isObject(state) && isObject(state['properties']) ? state['properties'] : {};
  const isNamed = Array.isArray(target) && target.length > 0 && target.every((name) => typeof name === 'string' && Object.hasOwn(properties, name));
  return isNamed ? undefined : 'has a "target" that is not a list of fields of its "state"';
}

function rollbackProblems(rollback: unknown): readonly (string | undefined)[] {
  if (rollback === 'nothing' || rollback === 'impossible') return [];
  if (typeof rollback !== 'object' || rollback === null) {
    return ['must say rollback: "nothing", "impossible", { run } or { instruct, confirm }'];
  }
  const definition = rollback as Definition;
  if (typeof definition['run'] === 'function') return [];
  const { instruct, confirm } = definition;
  if (instruct === undefined && confirm === undefined) return ['has a "rollback" without a function "run", or "instruct" and "confirm"'];
  return ['instruct', 'confirm'].map((key) => (typeof definition[key] === 'function' ? undefined : `has a "rollback" without a function "${key}"`));
}

function teardownProblems(teardown: unknown): readonly (string | undefined)[] {
  if (teardown === undefined) return [];
  if (typeof teardown !== 'object' || teardown === null) return ['has a "teardown" that is not a mapping with "scope" and "run"'];
  const definition = teardown as Definition;
  const isThere = typeof definition['run'] === 'function';
  return [wordProblem(definition, 'scope', teardownScopes, 'teardown.scope'), isThere ? undefined : 'has a "teardown" without a function "run"'];
}

export function metricProblems(metric: Definition): Problems {
  return problems(
    summaryProblem(metric),
    schemaProblem(metric, 'with'),
    functionProblem(metric, 'measure'),
    wordProblem(metric, 'unit', ['from-config', ...units]),
    typeof metric['answersForThePast'] === 'boolean' ? undefined : 'must say answersForThePast: true or false',
    ...optionalFunctions(metric, ['verify']),
  );
}

export function compositeProblems(composite: Definition): Problems {
  return problems(
    summaryProblem(composite),
    schemaProblem(composite, 'with'),
    schemaProblem(composite, 'outputs'),
    pointProblem(composite, 'outputs'),
    functionProblem(composite, 'unfold'),
    ...optionalFunctions(composite, ['rollback']),
  );
}

export function groupProblems(group: Definition): Problems {
  return problems(
    summaryProblem(group),
    schemaProblem(group, 'with'),
    functionProblem(group, 'members'),
    ...optionalFunctions(group, ['verify']),
  );
}

export function channelProblems(channel: Definition): Problems {
  const kinds = ['send', 'update'].filter((name) => channel[name] !== undefined);
  return problems(
    summaryProblem(channel),
    schemaProblem(channel, 'with'),
    kinds.length === 1 ? functionProblem(channel, kinds[0] ?? '') : 'must have either `send` or `update`',
    ...optionalFunctions(channel, ['verify', 'recognizesRepetition']),
  );
}

export function pointProblems(point: Definition): Problems {
  const { elsewhere = {} } = point;
  const isNamed = typeof elsewhere === 'object' && elsewhere !== null && Object.values(elsewhere).every((name) => typeof name === 'string');
  return problems(summaryProblem(point), contractProblem(point), isNamed ? undefined : 'has an "elsewhere" that does not name a package for each name');
}

export function provisionProblems(provision: Definition): Problems {
  return problems(
    summaryProblem(provision),
    contractProblem(provision),
    schemaProblem(provision, 'with'),
    pointProblem(provision, 'with'),
    functionProblem(provision, 'open'),
  );
}

const problems = (...found: readonly (string | undefined)[]): Problems => found.filter((problem) => problem !== undefined);

const summaryProblem = ({ summary }: Definition): string | undefined =>
  typeof summary === 'string' && summary !== '' ? undefined : 'has no summary';

function schemaProblem(definition: Definition, key: string): string | undefined {
  const schema = definition[key];
  if (schema === undefined) return `has no schema "${key}"`;
  if (!isObject(schema)) return `has a "${key}" that is not a schema`;
  const missing = missingField(schema);
  return missing === undefined ? undefined : `has no schema for "${missing}" in its "${key}"`;
}

/** A field whose schema is missing: a typing error in `other.properties.name` leaves it undefined, and TypeBox does not check it. */
function missingField({ properties }: Definition): string | undefined {
  if (!isObject(properties)) return undefined;
  const fields = Object.entries(properties);
  const [missing] = fields.find(([, field]) => !isObject(field) && typeof field !== 'boolean') ?? [];
  if (missing !== undefined) return missing;
  return fields.map(([, field]) => (isObject(field) ? missingField(field) : undefined)).find((name) => name !== undefined);
}

export const isObject = (value: unknown): value is Definition => typeof value === 'object' && value !== null;

const contractProblem = ({ contract }: Definition): string | undefined =>
  Number.isInteger(contract) ? undefined : 'must say the number of its contract';

/** A point is allowed only in settings of a step: an opened provision cannot be recorded, and provisions do not contain provisions. */
const pointProblem = (definition: Definition, key: string): string | undefined =>
  holdsPoint(definition[key]) ? `has a point in its "${key}"` : undefined;

function functionProblem(definition: Definition, key: string, because?: string): string | undefined {
  if (typeof definition[key] === 'function') return undefined;
  return because === undefined ? `has no function "${key}"` : `${because} and has no function "${key}"`;
}

function wordProblem(definition: Definition, key: string, words: readonly string[], called = key): string | undefined {
  const word = definition[key];
  if (typeof word === 'string' && words.includes(word)) return undefined;
  return `must say ${called}: ${quoted(words, 'or')}`;
}

const optionalFunctions = (definition: Definition, keys: readonly string[]): readonly (string | undefined)[] =>
  keys.map((key) =>
    definition[key] === undefined || typeof definition[key] === 'function' ? undefined : `has a "${key}" that is not a function`,
  );
