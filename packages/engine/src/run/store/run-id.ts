import { randomInt } from 'node:crypto';

// Without vowels and characters that are easily misread: people type ids, and an id must never be a word.
const characters = '23456789bcdfghjkmnpqrstvwxz';
const randomLength = 4;

/** Sortable by time, readable, and short enough to type: `20261120-1642-k3f9` (UTC). */
export function newRunId(now: number): string {
  const time = new Date(now).toISOString();
  const day = time.slice(0, 10).replaceAll('-', '');
  const minute = time.slice(11, 16).replace(':', '');
  const tail = Array.from({ length: randomLength }, () => characters[randomInt(characters.length)]).join('');
  return `${day}-${minute}-${tail}`;
}
