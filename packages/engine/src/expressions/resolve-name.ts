import { closestNames } from '../util/closest-names.ts';
import { ciFields, endedRunFields, type FieldTypes, type NameTypes, plannedRunFields, runFields, type ScopeType } from './scope.ts';
import { type Name, namesIn, type Segment, withMember, withPresence } from './names-in.ts';
import { groupNames, patternProblem } from './patterns.ts';
import { type Span, type TextFinding, textFinding } from './text-finding.ts';

/** The type of a name, or its error. */
type ResolvedName = { readonly ok: true; readonly type: ScopeType } | { readonly ok: false; readonly finding: TextFinding };

export function resolveName(name: Name, types: NameTypes): ResolvedName {
  if (name.isPresence !== true) return resolveValue(name, types);
  const resolved = resolveValue(name, types);
  return resolved.ok || resolved.finding.code === 'REL_SECRET_IN_EXPRESSION' ? { ok: true, type: 'boolean' } : resolved;
}

function resolveValue(name: Name, types: NameTypes): ResolvedName {
  switch (name.root) {
    case 'inputs':
      return name.segments.length > 1 ? patternGroup(name, types) : fieldOf(name, { what: 'input' }, types.inputs);
    case 'steps':
      return stepOutput(name, types);
    case 'matrix':
      return types.matrix ? fieldOf(name, { what: 'axis', of: 'the matrix' }, types.matrix) : notHere(name, 'inside a step with a matrix');
    case 'run':
      return runField(name, types);
    case 'outputs':
    case 'saved':
      return rolledBackField(name, name.root, types);
    case 'secrets':
      return secret(name, types);
    case 'ci':
      return types.inDefaults ? fieldOf(name, { what: 'value', of: 'the CI' }, ciTypes) : notHere(name, inDefaults);
    case 'history':
      return types.inDefaults ? historyValue(name) : notHere(name, inDefaults);
  }
}

const inDefaults = 'in the default of an input, so that everything that decides is recorded as an input';

const ciTypes: FieldTypes = Object.fromEntries(ciFields.map((field) => [field, 'string']));

/** Every input and output of another pipeline may be there; its types are known when it is asked. */
function historyValue(name: Name): ResolvedName {
  const [, , kind, field] = name.segments;
  const isWhole = (kind?.name === 'inputs' || kind?.name === 'outputs') && field !== undefined;
  return isWhole ? { ok: true, type: 'any' } : incomplete(name, 'history("NAME")[0].inputs.NAME or history("NAME")[0].outputs.NAME');
}

/** A name as far as its types know it, with the `has( )` around it: the named groups of an input's pattern are its fields. */
export function wholeName(source: string, name: Name, { patterns = {} }: NameTypes): Name {
  const hasPattern = name.root === 'inputs' && Object.hasOwn(patterns, name.segments[0]?.name ?? '');
  return withPresence(source, hasPattern ? withMember(source, name) : name);
}

/** The input whose value, or a group of whose value, an expression is, and nothing else. */
export function loneInput(source: string, types: NameTypes): string | undefined {
  const [only, ...more] = namesIn(source).map((name) => wholeName(source, name, types));
  const isAlone = only?.root === 'inputs' && more.length === 0 && source.slice(only.start, only.end) === source.trim();
  return isAlone ? only.segments[0]?.name : undefined;
}

function patternGroup({ segments: [input, group] }: Name, { patterns = {} }: NameTypes): ResolvedName {
  const pattern = patterns[input?.name ?? ''] ?? '';
  // A pattern that is wrong is reported where it is written.
  if (!group || patternProblem(pattern) !== undefined) return { ok: true, type: 'any' };
  const groups = Object.fromEntries(groupNames(pattern).map((name) => [name, 'string'] as const));
  return known({ what: 'group', of: `the pattern of input "${input?.name ?? ''}"` }, group, groups);
}

function stepOutput(name: Name, { steps }: NameTypes): ResolvedName {
  const [id, outputs, field] = name.segments;
  if (!id) return incomplete(name, 'steps.ID.outputs.NAME');
  const step = ownValue(steps, id.name);
  if (!step) return unknown({ what: 'step' }, id, steps);
  if (outputs?.name !== 'outputs') return incomplete(name, `steps.${id.name}.outputs.NAME`);
  if (!field) return { ok: true, type: step.matrix ? 'list' : 'map' };
  const form = `steps.${id.name}.outputs.map(cell, cell.${field.name}): a matrix returns a list`;
  if (step.matrix) return incomplete(name, form);
  return known({ what: 'output', of: `the step "${id.name}"` }, field, step.outputs);
}

function runField(name: Name, { run = 'started', environments = [] }: NameTypes): ResolvedName {
  const field = name.segments[0]?.name ?? '';
  if (field === 'environment' && environments.length === 0) return notHere(name, 'in a file with `environments`');
  const known = { planned: plannedRunFields, started: runFields, ended: endedRunFields }[run];
  if (field in known || !(field in endedRunFields)) return fieldOf(name, { what: 'value', of: 'the run' }, known);
  return notHere(name, field in runFields ? 'where a run has started' : 'in `finally`, after the run has ended');
}

function rolledBackField(name: Name, root: 'outputs' | 'saved', { rolledBack, byKey }: NameTypes): ResolvedName {
  const isByKey = name.segments[0]?.isQuoted === true;
  if (isByKey && byKey) return { ok: true, type: name.segments.length > 1 ? 'any' : 'map' };
  if (!rolledBack || isByKey) {
    return notHere(name, root === 'saved' ? 'inside `rollback:`' : 'inside `rollback:`; read another step as steps.ID.outputs');
  }
  return fieldOf(name, { what: root === 'saved' ? 'saved value' : 'output' }, rolledBack[root]);
}

function secret(name: Name, { secrets }: NameTypes): ResolvedName {
  const [first] = name.segments;
  if (!first) return incomplete(name, 'secrets.NAME');
  if (!secrets.includes(first.name)) return unknown({ what: 'secret' }, first, Object.fromEntries(secrets.map((name) => [name, 'any'])));
  return { ok: false, finding: textFinding('REL_SECRET_IN_EXPRESSION', { name: first.name }, spanOf(name)) };
}

/** The kind of thing that has the name, as in "unknown input". */
interface Kind {
  readonly what: string;
  readonly of?: string;
}

function fieldOf(name: Name, kind: Kind, fields: FieldTypes | 'any'): ResolvedName {
  const [field] = name.segments;
  if (!field) return incomplete(name, `${name.root}.NAME`);
  return fields === 'any' ? { ok: true, type: 'any' } : known(kind, field, fields);
}

function known(kind: Kind, field: Segment, fields: FieldTypes): ResolvedName {
  const type = ownValue(fields, field.name);
  return type ? { ok: true, type } : unknown(kind, field, fields);
}

function unknown(kind: Kind, field: Segment, known: Readonly<Record<string, unknown>>): ResolvedName {
  const span = { offset: field.isQuoted ? field.start : field.start + 1, length: field.end - field.start - (field.isQuoted ? 0 : 1) };
  if (isSubtraction(field.name, known)) return { ok: false, finding: textFinding('REL_NAME_WITH_HYPHEN', { name: field.name }, span) };
  const names = namesOf(known);
  const close = closestNames(field.name, names);
  return { ok: false, finding: textFinding('REL_NAME_UNKNOWN', { ...kind, name: field.name, close, known: names }, span) };
}

/** `count-1`, where `count` is known. */
const isSubtraction = (name: string, known: object): boolean =>
  [...name.matchAll(/-/g)].some(({ index }) => Object.hasOwn(known, name.slice(0, index)));

/** One list of the names of a record, however often it is asked for. */
function namesOf(record: object): readonly string[] {
  const names = nameLists.get(record) ?? Object.keys(record);
  nameLists.set(record, names);
  return names;
}

const nameLists = new WeakMap<object, readonly string[]>();

const incomplete = (name: Name, form: string): ResolvedName => ({
  ok: false,
  finding: textFinding('REL_NAME_INCOMPLETE', { written: written(name), form }, spanOf(name)),
});

const notHere = (name: Name, where: string): ResolvedName => ({
  ok: false,
  finding: textFinding('REL_NAME_NOT_AVAILABLE', { name: written(name), where }, spanOf(name)),
});

const written = ({ root, segments }: Name): string => {
  if (root !== 'history') return [root, ...segments.map((segment) => segment.name)].join('.');
  const [pipeline, index, ...members] = segments.map((segment) => segment.name);
  return pipeline === undefined ? 'history' : [`history("${pipeline}")[${index ?? ''}]`, ...members].join('.');
};
const spanOf = ({ start, end }: Name): Span => ({ offset: start, length: end - start });

const ownValue = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
