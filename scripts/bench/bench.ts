// How fast relpipe is beside what people would use or could expect instead: node scripts/bench/bench.ts [name…]
// One JSON line a figure on standard output; everything else on standard error. docs/benchmarks.md says what each one means.
import { breachToRestore } from './figures/breach-to-restore.ts';
import { coreCost } from './figures/core-cost.ts';
import { durableSteps } from './figures/durable-steps.ts';
import { routerBesideHaproxy } from './figures/router-beside-haproxy.ts';
import { startUp } from './figures/start-up.ts';
import { thousandSteps } from './figures/thousand-steps.ts';
import { Workshop } from './measure/workshop.ts';
import { tell } from './measure/tell.ts';

const benchmarks = {
  'start-up': startUp,
  'thousand-steps': thousandSteps,
  'core-cost': coreCost,
  'durable-steps': durableSteps,
  router: routerBesideHaproxy,
  'breach-to-restore': breachToRestore,
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  tell(`There is no ${unknown.join(', ')}. Known: ${Object.keys(benchmarks).join(', ')}.`);
  process.exit(2);
}

const workshop = new Workshop();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
for (const [name, measure] of Object.entries(benchmarks)) {
  if (names.length > 0 && !names.includes(name)) continue;
  tell(`\n${name}`);
  for (const figure of await measure(workshop)) console.log(JSON.stringify(figure));
}
workshop.close();
