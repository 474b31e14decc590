// Compares relpipe with other programs and with budgets: node scripts/bench/bench.ts [NAME…]
// Prints one JSON line per figure on standard output, and the rest on standard error. docs/benchmarks.md describes the figures.
import { breachToRestore } from './figures/breach-to-restore.ts';
import { coreCost } from './figures/core-cost.ts';
import { durableSteps } from './figures/durable-steps.ts';
import { factBytes } from './figures/fact-bytes.ts';
import { routerBesideHaproxy } from './figures/router-beside-haproxy.ts';
import { startUp } from './figures/start-up.ts';
import { thousandSteps } from './figures/thousand-steps.ts';
import { validateGrowth } from './figures/validate-growth.ts';
import { BenchFolder } from './measure/bench-folder.ts';
import { log } from './measure/figure.ts';

const benchmarks = {
  'start-up': startUp,
  'validate-growth': validateGrowth,
  'thousand-steps': thousandSteps,
  'core-cost': coreCost,
  'durable-steps': durableSteps,
  'fact-bytes': factBytes,
  router: routerBesideHaproxy,
  'breach-to-restore': breachToRestore,
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  log(`There is no ${unknown.join(', ')}. Known: ${Object.keys(benchmarks).join(', ')}.`);
  process.exit(2);
}

const bench = new BenchFolder();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
for (const [name, measure] of Object.entries(benchmarks)) {
  if (names.length > 0 && !names.includes(name)) continue;
  log(`\n${name}`);
  for (const figure of await measure(bench)) console.log(JSON.stringify(figure));
}
bench.close();
