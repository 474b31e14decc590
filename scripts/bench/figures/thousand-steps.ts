import { join } from 'node:path';
import { figureOf, type Figure } from '../measure/figure.ts';
import { pairs, sideBySide } from '../measure/side-by-side.ts';
import { timeCommand } from '../measure/time-command.ts';
import { wireit, wireitPackage } from '../measure/wireit.ts';
import type { BenchFolder } from '../measure/bench-folder.ts';

const steps = Array.from({ length: 1000 }, (_, i) => `step-${i + 1}`);
const atOnce = '4';
const rounds = 5;

/** A thousand commands that do nothing, four at a time: the time that the engine adds. Each step of relpipe is durable. */
export async function thousandSteps(bench: BenchFolder): Promise<readonly Figure[]> {
  const cwd = bench.write('thousand-steps', { 'release.pipeline.yaml': pipeline, 'package.json': wireitPackage(steps) });
  bench.linkModules(cwd);
  const relpipe = { argv: [bench.relpipe, 'run', '--parallel', atOnce], cwd };
  const bareSpawns = { argv: [join(import.meta.dirname, '../programs/bare-spawns.ts'), String(steps.length), atOnce], cwd };

  const besideWireit = await sideBySide(
    rounds,
    () => timeCommand(relpipe, { watchMemory: true }),
    () => timeCommand(wireit('all', cwd, { WIREIT_PARALLEL: atOnce }), { watchMemory: true }),
  );
  const besideSpawns = await pairs(rounds, async () => (await timeCommand(relpipe)).ms, async () => (await timeCommand(bareSpawns)).ms);
  return [
    figureOf(
      { name: 'thousand-steps-time', unit: 'ms', peer: 'wireit, 1,000 scripts, no cache', target: 1, better: 'lower' },
      besideWireit.map(([ours, theirs]) => ({ value: ours.ms, peerValue: theirs.ms })),
    ),
    figureOf(
      { name: 'thousand-steps-memory', unit: 'KiB', peer: 'wireit, 1,000 scripts, no cache', target: 0.8, better: 'lower' },
      besideWireit.map(([ours, theirs]) => ({ value: ours.peakKiB, peerValue: theirs.peakKiB })),
    ),
    figureOf({ name: 'thousand-steps-overhead', unit: 'ms', peer: 'bare spawns of the same commands', better: 'lower' }, besideSpawns),
  ];
}

const pipeline = `relpipe: 1
name: thousand-steps
stages:
  only:
    parallel: true
    steps:
${steps.map((id) => `      - { id: ${id}, run: "true" }`).join('\n')}
`;
