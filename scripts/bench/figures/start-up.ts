import { join } from 'node:path';
import { figureOf, type Figure } from '../measure/figure.ts';
import { pairs } from '../measure/side-by-side.ts';
import { timeCommand, type Command } from '../measure/time-command.ts';
import { wireit, wireitPackage } from '../measure/wireit-package.ts';
import type { Workshop } from '../measure/workshop.ts';

const rounds = 15;

/** What everybody waits for, however short the pipeline. */
export async function startUp(workshop: Workshop): Promise<readonly Figure[]> {
  const cwd = workshop.lay('start-up', { 'release.pipeline.yaml': oneStep, 'package.json': wireitPackage(['one']) });
  workshop.linkModules(cwd);
  const quickstart = join(workshop.root, 'examples/pipelines/quickstart/release.pipeline.yaml');
  const validate = { argv: [workshop.relpipe, 'validate', quickstart], cwd };
  const run = { argv: [workshop.relpipe, 'run'], cwd };
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
