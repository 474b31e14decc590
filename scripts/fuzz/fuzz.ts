/**
 * Gives random input to what reads the input of others: pipeline files, journals, requests to the embedded router. The seed is printed, and can
 * be given: `npx -y pnpm@12 test:fuzz --seed 7`; with the name of a part, only that runs: `… test:fuzz --seed 7 files`.
 */
import { parseArgs } from 'node:util';
import { fuzzFiles } from './files/fuzz-files.ts';
import { Findings } from './findings.ts';
import { fuzzJournals } from './journals/fuzz-journals.ts';
import { fuzzRequests } from './requests/fuzz-requests.ts';

const parts = {
  files: (seed: number, found: Findings) => fuzzFiles(seed, 10_000, found),
  journals: (seed: number, found: Findings) => fuzzJournals(seed, 500, found),
  requests: (seed: number, found: Findings) => fuzzRequests(seed, 5000, found),
};

const { values, positionals } = parseArgs({ options: { seed: { type: 'string' } }, allowPositionals: true });
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
if (!Number.isSafeInteger(seed)) throw new RangeError('The seed is an integer.');
console.log(`seed: ${String(seed)}`);

const found = new Findings();
const lines: string[] = [];
for (const [name, fuzz] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  lines.push(await fuzz(seed, found));
}
for (const line of lines) console.log(line);
process.exitCode = lines.some((line) => /, .*: [1-9]/.test(line)) ? 1 : 0;
