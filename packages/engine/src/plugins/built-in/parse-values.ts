import { refusedStep } from './refused-step.ts';

/** A value, and where the next line begins. */
interface Taken {
  readonly value: string;
  readonly next: number;
}

/**
 * What a command writes to `$RELPIPE_OUTPUT` and `$RELPIPE_STATE`: `name=value` lines, and for several lines `name<<END`, the lines, `END`.
 * A later value of a name replaces an earlier one. Throws `REL_VALUES_UNREADABLE`.
 */
export function parseValues(text: string, variable: string): Readonly<Record<string, string>> {
  const lines = text.split(/\r?\n/);
  const values = new Map<string, string>();
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    if (line.trim() === '') {
      at += 1;
      continue;
    }
    const { name, begin } = readName(line, at, variable);
    const taken = begin.startsWith('<<') ? takeBlock(lines, at, begin.slice(2), variable) : { value: begin.slice(1), next: at + 1 };
    values.set(name, taken.value);
    at = taken.next;
  }
  return Object.fromEntries(values);
}

function readName(line: string, at: number, variable: string): { readonly name: string; readonly begin: string } {
  const found = /^([A-Za-z_][A-Za-z0-9_-]*)(=|<<)/.exec(line);
  const name = found?.[1];
  if (name === undefined) throw refusedStep('REL_VALUES_UNREADABLE', { variable, line: at + 1, detail: `"${shorten(line)}" does not begin with name= or name<<` });
  return { name, begin: line.slice(name.length) };
}

function takeBlock(lines: readonly string[], at: number, end: string, variable: string): Taken {
  if (end.trim() === '') throw refusedStep('REL_VALUES_UNREADABLE', { variable, line: at + 1, detail: 'after << stands no word that ends the value' });
  const last = lines.indexOf(end, at + 1);
  if (last === -1) throw refusedStep('REL_VALUES_UNREADABLE', { variable, line: at + 1, detail: `no line "${end}" ends the value` });
  return { value: lines.slice(at + 1, last).join('\n'), next: last + 1 };
}

const shorten = (line: string): string => (line.length > 40 ? `${line.slice(0, 40)}…` : line);
