import type { Json } from '../contract/index.ts';
import { relpipeStepError } from '../errors/relpipe-error.ts';
import { parseQuantity, printQuantity } from '../expressions/quantities/quantity.ts';
import { parseTime, printTime } from '../expressions/quantities/time.ts';
import type { TypeName } from '../expressions/scope.ts';

export type DeclaredOutputs = Readonly<Record<string, TypeName>>;

/** The outputs of a command in canonical form, of their declared types. Every name must be declared, and every declared name must be there. */
export async function readOutput(declared: DeclaredOutputs, text: string): Promise<Readonly<Record<string, Json>>> {
  return readValues(declared, parseValues(text, 'RELPIPE_OUTPUT'));
}

/** The same for values that are parsed already. */
export async function readValues(declared: DeclaredOutputs, values: Readonly<Record<string, string>>): Promise<Readonly<Record<string, Json>>> {
  const names = Object.keys(declared);
  const undeclared = Object.keys(values).find((name) => !names.includes(name));
  if (undeclared !== undefined) throw relpipeStepError('REL_OUTPUT_UNDECLARED', { name: undeclared, declared: names });

  const output: Record<string, Json> = {};
  for (const [name, type] of Object.entries(declared)) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw relpipeStepError('REL_OUTPUT_MISSING', { name });
    const read = await readTyped(type, value.trim(), value);
    if (read === undefined) throw relpipeStepError('REL_OUTPUT_TYPE_MISMATCH', { name, type, text: value });
    output[name] = read;
  }
  return output;
}

/** The value in canonical form, or undefined when it is not of its type. */
async function readTyped(type: TypeName, text: string, raw: string): Promise<Json | undefined> {
  switch (type) {
    case 'string':
    case 'choice':
    case 'path':
      return raw;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'number':
      return finite(printedNumber(text));
    case 'integer':
      return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
    case 'semver':
      return (await import('semver')).default.valid(text) ?? undefined;
    case 'time': {
      const ms = parseTime(text);
      return ms === undefined ? undefined : printTime(ms);
    }
    case 'list':
    case 'map':
      return readJson(text, type);
    default: {
      const quantity = parseQuantity(type, text);
      return quantity.ok ? printQuantity(type, quantity.value) : undefined;
    }
  }
}

/** A number as programs print it, without a unit: `12`, `-.5`, `1e-3`; undefined for any other text. */
export const printedNumber = (text: string): number | undefined =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;

const finite = (number: number | undefined): number | undefined => (Number.isFinite(number) ? number : undefined);

function readJson(text: string, type: 'list' | 'map'): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null && Array.isArray(value) === (type === 'list') ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What a command writes to `$RELPIPE_OUTPUT` and `$RELPIPE_STATE`: `name=value` lines, and for several lines `name<<END`, the lines, `END`.
 * A name that is written twice is an error: a line of somebody else's text must not replace a value. Throws `REL_VALUES_UNREADABLE`.
 */
export function parseValues(text: string, variable: string): Readonly<Record<string, string>> {
  const lines = text.split(/\r?\n/);
  const values = new Map<string, string>();
  const lineOf = new Map<string, number>();
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    if (line.trim() === '') {
      at += 1;
      continue;
    }
    const { name, rest } = readName(line, at, variable);
    const taken = rest.startsWith('<<') ? takeBlock(lines, at, rest.slice(2), variable) : { value: rest.slice(1), next: at + 1 };
    const before = lineOf.get(name);
    if (before !== undefined) throw relpipeStepError('REL_VALUES_UNREADABLE', { variable, line: at + 1, detail: `"${name}" was already written in line ${String(before)}` });
    lineOf.set(name, at + 1);
    values.set(name, taken.value);
    at = taken.next;
  }
  return Object.fromEntries(values);
}

function readName(line: string, at: number, variable: string): { readonly name: string; readonly rest: string } {
  const found = /^([A-Za-z_][A-Za-z0-9_-]*)(=|<<)/.exec(line);
  const name = found?.[1];
  if (name === undefined) throw relpipeStepError('REL_VALUES_UNREADABLE', { variable, line: at + 1, detail: `"${shorten(line)}" does not start with name= or name<<` });
  return { name, rest: line.slice(name.length) };
}

/** A value, and the index of the line after it. */
interface Taken {
  readonly value: string;
  readonly next: number;
}

function takeBlock(lines: readonly string[], at: number, end: string, variable: string): Taken {
  if (end.trim() === '') throw relpipeStepError('REL_VALUES_UNREADABLE', { variable, line: at + 1, detail: 'after << a word must follow that ends the value' });
  const last = lines.indexOf(end, at + 1);
  if (last === -1) throw relpipeStepError('REL_VALUES_UNREADABLE', { variable, line: at + 1, detail: `no line "${end}" ends the value` });
  return { value: lines.slice(at + 1, last).join('\n'), next: last + 1 };
}

const shorten = (line: string): string => (line.length > 40 ? `${line.slice(0, 40)}…` : line);
