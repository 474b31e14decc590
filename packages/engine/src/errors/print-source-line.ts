/** Longer lines are cut around the caret. */
const maxWidth = 100;
const tab = '  ';

/** A source line for a terminal, and the caret line under it. `column` counts from 1 in UTF-16 units. */
export function printSourceLine(line: string, column: number, length: number): { text: string; caret: string } {
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

const wide = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const nothing = /\p{Mn}|\p{Me}|\p{Cf}/u;
