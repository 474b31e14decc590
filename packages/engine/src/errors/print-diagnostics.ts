import { relative } from 'node:path';
import type { Diagnostic, Place } from './diagnostic.ts';

interface PrintOptions {
  /** Default false. */
  readonly color?: boolean;
  /** Paths are printed relative to this folder; default: the current one. */
  readonly from?: string;
}

/** By the file name of a place: its text. */
export type Sources = ReadonlyMap<string, string>;

/** Findings as people read them: place, code and message, the line with a caret, the hint; a count at the end. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], sources: Sources, options: PrintOptions = {}): string {
  const paint = options.color ? painted : plain;
  const from = options.from ?? process.cwd();
  const blocks = diagnostics.map((diagnostic) => printOne(diagnostic, sources, from, paint));
  return `${[...blocks, countLine(diagnostics)].join('\n\n')}\n`;
}

type Paint = (style: keyof typeof styles, text: string) => string;
const styles = { error: 31, warning: 33, hint: 36, place: 1, quiet: 2 } as const;
const painted: Paint = (style, text) => `\u001b[${styles[style]}m${text}\u001b[0m`;
const plain: Paint = (_, text) => text;

function printOne(diagnostic: Diagnostic, sources: Sources, from: string, paint: Paint): string {
  const { severity, code, message, hint, at, related = [] } = diagnostic;
  const place = at ? `${paint('place', printPlace(at, from))}: ` : '';
  const lines = [`${place}${paint(severity, `${severity} ${code}`)}: ${visible(message)}`, ...excerpt(at, sources, severity, paint)];
  for (const { at: other, note } of related) {
    lines.push(`  ${paint('place', printPlace(other, from))}: ${visible(note)}`, ...excerpt(other, sources, 'quiet', paint));
  }
  if (hint !== undefined) lines.push(`  ${paint('hint', 'hint:')} ${visible(hint)}`);
  return lines.join('\n');
}

function excerpt(at: Place | undefined, sources: Sources, style: keyof typeof styles, paint: Paint): string[] {
  const line = at && linesOf(sources.get(at.file) ?? '')[at.line - 1];
  if (!at || line === undefined || line.trim() === '') return [];
  const { text, caret } = printSourceLine(line, at.column, at.length);
  const margin = String(at.line).padStart(5);
  return [`${paint('quiet', `${margin} |`)} ${text}`, `${paint('quiet', '      |')} ${paint(style, caret)}`];
}

const splitSources = new Map<string, readonly string[]>();

/** A source has thousands of lines and may have as many findings. */
function linesOf(source: string): readonly string[] {
  const known = splitSources.get(source) ?? source.split(/\r?\n/);
  splitSources.set(source, known);
  return known;
}

function printPlace({ file, line, column }: Place, from: string): string {
  return `${relative(from, file).replaceAll('\\', '/')}:${line}:${column}`;
}

/** Text from the file may contain escape sequences, which a terminal must not execute. */
const visible = (text: string): string => text.replaceAll(/\p{Cc}/gu, (character) => (character === '\n' ? ' ' : '\ufffd'));

function countLine(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const counts = [count(errors, 'error'), count(diagnostics.length - errors, 'warning')];
  return counts.filter((text) => text !== undefined).join(', ') || 'no findings';
}

const count = (n: number, word: string): string | undefined => (n === 0 ? undefined : `${n} ${word}${n === 1 ? '' : 's'}`);

/** Longer lines are cut around the caret. */
const maxWidth = 100;
const tab = '  ';

/** A source line for a terminal, and the caret line under it. `column` counts from 1 in UTF-16 units. */
function printSourceLine(line: string, column: number, length: number): { text: string; caret: string } {
  const before = line.slice(0, column - 1);
  const marked = line.slice(column - 1, column - 1 + length);
  const after = line.slice(column - 1 + length);
  const room = Math.max(0, maxWidth - Math.min(marked.length, maxWidth));
  const head = cutStart(before, Math.max(Math.floor(room / 2), room - after.length));
  const body = cutEnd(marked, maxWidth);
  const tail = cutEnd(after, Math.max(0, maxWidth - head.length - body.length));
  const pad = ' '.repeat(widthOf(show(head)));
  return { text: show(head + body + tail), caret: pad + '^'.repeat(Math.max(1, widthOf(show(body)))) };
}

const cutStart = (text: string, room: number): string => (text.length <= room ? text : `…${text.slice(text.length - room)}`);
const cutEnd = (text: string, room: number): string => (text.length <= room ? text : `${text.slice(0, room)}…`);

const show = (text: string): string => text.replaceAll('\t', tab).replaceAll(/\p{Cc}/gu, '\ufffd');

/** Columns on a terminal: East Asian wide characters and emoji take two, combining marks none. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += wide.test(character) ? 2 : nothing.test(character) ? 0 : 1;
  return width;
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const nothing = /\p{Mn}|\p{Me}|\p{Cf}/u;
