/**
 * Records the golden runs anew, by hand: `node scripts/mutation/record-golden.ts`. Raise `rules` first where decisions have changed. Among all
 * runs that the core's tests make, it keeps those that notice a mutant which no other kept run notices, and one for each policy.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fact } from '../../packages/engine/src/run/core/fact.ts';
import { folder } from '../../packages/engine/test/run/golden/golden-runs.ts';
import { policies } from '../../packages/engine/test/run/golden/policies.ts';
import { buildCore } from './build-core.ts';
import { allMutants, tryMutants } from './try-mutants.ts';
import type { Run } from './worker.ts';

const root = join(import.meta.dirname, '../..');
const fewest = 40;

/** The runs of the tests about single cases; the same facts are kept once. */
function readCandidates(): readonly Run[] {
  const place = mkdtempSync(join(tmpdir(), 'golden-'));
  const file = join(place, 'candidates.jsonl');
  execFileSync('npx', ['-y', 'pnpm@12', 'exec', 'vitest', 'run', 'packages/engine/test/run/core'], {
    cwd: root, stdio: 'ignore', env: { ...process.env, RELPIPE_GOLDEN_CANDIDATES: file },
  });
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as { title: string; facts: readonly Fact[] });
  rmSync(place, { recursive: true });
  const counts = Map.groupBy(lines, ({ title }) => title);
  const seen = new Map<string, number>();
  return lines.flatMap(({ title, facts }) => {
    // A property makes hundreds of random runs, which nobody could read.
    if ((counts.get(title)?.length ?? 0) > 20) return [];
    const n = (seen.get(title) ?? 0) + 1;
    seen.set(title, n);
    return [{ name: `${slug(title)}${n === 1 ? '' : `-${String(n)}`}`, facts }];
  });
}

const slug = (title: string): string => title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '').slice(0, 90).replace(/-$/, '');

async function whatNotices(runs: readonly Run[]): Promise<readonly (readonly string[])[]> {
  const noticed: (readonly string[])[] = [];
  await tryMutants(allMutants(), runs, false, (_, { decidedOtherwise }) => noticed.push(decidedOtherwise));
  return noticed;
}

/** Greedy: each time the run that notices most of what is left. Then one for each policy, then the longest, up to the fewest. */
function choose(runs: readonly Run[], noticedBy: readonly (readonly string[])[]): readonly Run[] {
  const kept = new Set<string>();
  for (let left = noticedBy.filter((names) => names.length > 0); left.length > 0; ) {
    const counts = Map.groupBy(left.flat(), (name) => name);
    const best = [...counts].reduce((one, other) => (other[1].length > one[1].length ? other : one))[0];
    kept.add(best);
    left = left.filter((names) => !names.includes(best));
  }
  for (const { isIn } of policies) {
    if (runs.some(({ name, facts }) => kept.has(name) && isIn(facts))) continue;
    const found = runs.find(({ facts }) => isIn(facts));
    if (found) kept.add(found.name);
  }
  const longest = [...runs].sort((a, b) => b.facts.length - a.facts.length);
  for (const { name } of longest) if (kept.size < fewest) kept.add(name);
  return runs.filter(({ name }) => kept.has(name));
}

async function write(runs: readonly Run[]): Promise<void> {
  const core = await buildCore();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name, facts } of runs) {
    const { text, json } = core.statusOf(facts);
    const put = (end: string, content: string): void => writeFileSync(join(folder, `${name}.${end}`), content);
    put('facts.jsonl', lines(facts));
    put('events.jsonl', json);
    put('status.txt', text);
    put('idle.jsonl', lines(core.decideAnew(facts).map(({ seq, idle }) => ({ seq, idle }))));
  }
}

const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');

const candidates = readCandidates();
const noticedBy = await whatNotices(candidates);
const chosen = choose(candidates, noticedBy);
await write(chosen);
console.log(`golden runs: ${String(chosen.length)} of ${String(candidates.length)}`);
