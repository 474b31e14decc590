import { join } from 'node:path';
import { figureOf, type Figure } from '../measure/figure.ts';
import { pairs } from '../measure/side-by-side.ts';
import { timeCommand, type Command } from '../measure/time-command.ts';
import { wireit, wireitPackage } from '../measure/wireit.ts';
import type { BenchFolder } from '../measure/bench-folder.ts';

const rounds = 15;

/** The time that every user waits, however short the pipeline is. */
export async function startUp(bench: BenchFolder): Promise<readonly Figure[]> {
  const cwd = bench.write('start-up', { 'release.pipeline.yaml': oneStep, 'package.json': wireitPackage(['one']) });
  bench.linkModules(cwd);
  const quickstart = join(bench.root, 'examples/pipelines/quickstart/release.pipeline.yaml');
  const validate = { argv: [bench.relpipe, 'validate', quickstart], cwd };
  const run = { argv: [bench.relpipe, 'run'], cwd };
  return [
    figureOf(
      { name: 'validate-start-up', unit: 'ms', peer: 'node -e 0', target: 5, better: 'lower' },
      await pairs(rounds, timeOf(validate), timeOf({ argv: ['-e', '0'], cwd })),
    ),
    figureOf(
      { name: 'one-step-run', unit: 'ms', peer: 'wireit, one script, node --run', target: 1, better: 'lower' },
      await pairs(rounds, timeOf(run), timeOf(wireit('one', cwd))),
    ),
  ];
}

const timeOf = (command: Command) => async () => (await timeCommand(command)).ms;

const oneStep = `relpipe: 1
name: one-step
stages:
  only:
    steps:
      - { id: one, run: "true" }
`;
