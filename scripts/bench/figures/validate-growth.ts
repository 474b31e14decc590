import type { BenchFolder } from '../measure/bench-folder.ts';
import { figureOf, type Figure } from '../measure/figure.ts';
import { pairs } from '../measure/side-by-side.ts';
import { timeCommand } from '../measure/time-command.ts';

const rounds = 5;

/** Whether `relpipe validate` costs the same per stage or step in a large file as in a file of a tenth of its size. */
export async function validateGrowth(bench: BenchFolder): Promise<readonly Figure[]> {
  return [await growthOf(bench, 'stage', 10_000, manyStages), await growthOf(bench, 'step', 20_000, manySteps)];
}

async function growthOf(bench: BenchFolder, part: string, count: number, pipelineOf: (count: number) => string): Promise<Figure> {
  const files = { 'large.yaml': pipelineOf(count), 'small.yaml': pipelineOf(count / 10), 'one.yaml': pipelineOf(1) };
  const cwd = bench.write(`validate-${part}s`, files);
  const timeOf = async (file: keyof typeof files) => (await timeCommand({ argv: [bench.relpipe, 'validate', file], cwd })).ms;
  // The start-up is a figure of its own: here it would make a small file look expensive.
  const usPerPart = async (file: keyof typeof files, parts: number) => ((await timeOf(file)) - (await timeOf('one.yaml'))) * (1000 / (parts - 1));
  const measured = await pairs(rounds, () => usPerPart('large.yaml', count), () => usPerPart('small.yaml', count / 10));
  const peer = `the same with ${(count / 10).toLocaleString('en')} ${part}s`;
  return figureOf({ name: `validate-cost-per-${part}`, unit: 'µs', peer, target: 1.5, better: 'lower' }, measured);
}

const manyStages = (count: number): string => `relpipe: 1
name: many-stages
stages:
${Array.from({ length: count }, (_, i) => `  stage-${i + 1}: { steps: [{ id: step-${i + 1}, run: "true" }] }`).join('\n')}
`;

const manySteps = (count: number): string => `relpipe: 1
name: many-steps
stages:
  only:
    steps:
${Array.from({ length: count }, (_, i) => `      - { id: step-${i + 1}, run: "true" }`).join('\n')}
`;
