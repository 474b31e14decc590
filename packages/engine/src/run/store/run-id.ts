import { randomInt } from 'node:crypto';

// Without vowels and what is easily misread: an id is typed by hand, and never a word.
const letters = '23456789bcdfghjkmnpqrstvwxz';
const randomLetters = 4;

/** Sortable by time, readable, and short enough to type: `20261120-1642-k3f9` (UTC). */
export function newRunId(now: number): string {
  const time = new Date(now).toISOString();
  const day = time.slice(0, 10).replaceAll('-', '');
  const minute = time.slice(11, 16).replace(':', '');
  const tail = Array.from({ length: randomLetters }, () => letters[randomInt(letters.length)]).join('');
  return `${day}-${minute}-${tail}`;
}
