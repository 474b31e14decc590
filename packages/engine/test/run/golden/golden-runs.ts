import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fact } from '../../../src/run/core/fact.ts';

export const folder = join(import.meta.dirname, 'runs');

export const namesOfGoldenRuns = (): readonly string[] =>
  readdirSync(folder).flatMap((file) => (file.endsWith('.facts.jsonl') ? [file.slice(0, -'.facts.jsonl'.length)] : [])).sort();

export const readFacts = (name: string): readonly Fact[] =>
  readFileSync(join(folder, `${name}.facts.jsonl`), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Fact);

export const readGolden = (name: string, what: 'events.jsonl' | 'status.txt' | 'idle.jsonl'): string => readFileSync(join(folder, `${name}.${what}`), 'utf8');
