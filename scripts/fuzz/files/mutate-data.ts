import type { Json } from '../../../packages/engine/src/contract/index.ts';
import { parsePipeline } from '../../../packages/engine/src/load/parse-pipeline.ts';
import type { Random } from '../random.ts';
import { oddTokens } from './odd-texts.ts';

/** Reads the file, changes values in it, and writes it again: what is wrong is then what it says, and not how it is written. */
export function mutateData(text: string, random: Random, corpus: readonly string[]): string {
  const root = structuredClone(parsePipeline('/', text).root as Json | undefined) ?? {};
  const grafts = valuesIn(parsePipeline('/', random.pick(corpus)).root ?? {}).map(({ value }) => value);
  for (let left = 1 + random.below(3); left > 0; left -= 1) mutateOne(root, random, grafts);
  return random.below(3) === 0 ? JSON.stringify(root, undefined, random.pick([0, 2])) : `${writeBlock(root, '')}\n`;
}

interface Found {
  readonly inside: Record<string, Json>;
  readonly name: string;
  readonly value: Json;
}

function valuesIn(value: Json): readonly Found[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = value as Record<string, Json>;
  return Object.entries(value).flatMap(([name, one]) => [{ inside, name, value: one }, ...valuesIn(one)]);
}

function mutateOne(root: Json, random: Random, grafts: readonly Json[]): void {
  const all = valuesIn(root);
  if (all.length === 0) return;
  const { inside, name, value } = random.pick(all);
  const other = random.pick(all);
  random.pick([
    () => (inside[name] = random.pick(others)),
    () => (inside[name] = random.pick(oddTokens)),
    () => (inside[name] = grafts.length > 0 ? structuredClone(random.pick(grafts)) : null),
    () => (inside[name] = structuredClone(other.value)),
    () => (inside[name] = [value]),
    () => (inside[name] = { [random.pick(['run', 'uses', 'x', '__proto__', 'id', name])]: value }),
    () => {
      if (Array.isArray(inside)) inside.splice(Number(name), 1);
      else Reflect.deleteProperty(inside, name);
    },
    () => {
      Reflect.deleteProperty(inside, name);
      // A list has only numbers as names, and `length` as one would change the list itself.
      if (Array.isArray(inside)) inside.push(value);
      else inside[random.pick([other.name, random.pick(oddTokens), name.slice(1), `${name}s`, name.toUpperCase(), ''])] = value;
    },
    () => (inside[name] = typeof value === 'string' ? changeText(value, random, other) : value),
  ])();
}

const others: readonly Json[] = [null, true, false, 0, -1, 1.5, 1e21, '', ' ', [], {}, [[]], [null], { '': null }, '5m', '5%', '${{ inputs.x }}', '${{ steps.x.outputs.y }}', ['a', 'a'], { run: 'true' }, 'a\nb', '\u0000'];

/** Inside a text, e.g. of an expression. */
function changeText(text: string, random: Random, other: Found): string {
  const at = random.below(text.length + 1);
  const inserted = random.pick([random.pick(oddTokens), typeof other.value === 'string' ? other.value : other.name, text]);
  return text.slice(0, at) + inserted + text.slice(at + random.below(4));
}

/** YAML in block style. */
function writeBlock(value: Json, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const list = Array.isArray(value);
  const entries = Object.entries(value as Record<string, Json>);
  if (entries.length === 0) return list ? '[]' : '{}';
  const lines = entries.map(([name, one]) => {
    const isNested = typeof one === 'object' && one !== null && Object.keys(one).length > 0;
    const start = list ? '-' : `${/^[\w-]+$/.test(name) ? name : JSON.stringify(name)}:`;
    return `${indent}${start}${isNested ? `\n${writeBlock(one, `${indent}  `)}` : ` ${writeBlock(one, '')}`}`;
  });
  return lines.join('\n');
}
