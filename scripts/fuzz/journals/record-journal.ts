import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const relpipe = join(import.meta.dirname, '../../../packages/engine/dist/cli/bin.js');

const gate = (command: string): string =>
  `gates: { health: { every: 60ms, metrics: { m: { run: ${JSON.stringify(command)}, unit: count, threshold: { max: 5 }, no-data: fail } } } }\n`;

/** One run of each kind of end, with what is recorded on the way. */
const pipelines: Readonly<Record<string, string>> = {
  succeeds: `inputs: { who: { type: string, default: world } }
${gate('echo 1')}
outputs: { greeting: "\${{ steps.greet.outputs.text }}" }
stages:
  one:
    parallel: true
    steps:
      - { id: greet, run: 'echo "text=hello \${{ inputs.who }}" >> "$RELPIPE_OUTPUT"', outputs: { text: string } }
      - { id: watch, hold: 200ms, gates: [health] }
`,
  'is-rolled-back': `${gate('echo 9')}
stages: { one: { steps: [{ id: act, run: "echo acted", rollback: [{ id: back, run: "echo restored" }] }, { id: watch, hold: 5s, gates: [health] }] } }
`,
  fails: 'stages: { one: { steps: [{ id: act, run: "echo broken; exit 3", retry: { attempts: 2, backoff: 10ms..20ms } }] } }\n',
  waits: `groups: { leads: [ann, bob] }
stages: { one: { steps: [{ id: ask, approval: "Continue?", approvers: { of: [leads], count: 2 } }, { id: after, run: "true" }] } }
`,
  'is-answered': 'stages: { one: { steps: [{ id: ask, approval: "Continue?" }, { id: after, run: "true" }] } }\n',
};

/** Records the runs in a folder of their own; returns their ids. The last one has an answer that no process has read. */
export function recordJournal(folder: string): readonly string[] {
  mkdirSync(join(folder, '.git'), { recursive: true });
  for (const [name, text] of Object.entries(pipelines)) {
    writeFileSync(join(folder, `${name}.pipeline.yaml`), `relpipe: 1\nname: ${name}\n${text}`);
    call(folder, ['run', `${name}.pipeline.yaml`, '--park-after', name.startsWith('is-answered') || name === 'waits' ? '0s' : 'never']);
  }
  const runs = call(folder, ['runs', '--json']).trimEnd().split('\n').map((line) => (JSON.parse(line) as { id: string }).id);
  call(folder, ['approve', runs[0] ?? '']);
  if (runs.length !== Object.keys(pipelines).length) throw new Error(`Only ${String(runs.length)} runs were recorded.`);
  return runs;
}

function call(cwd: string, args: readonly string[]): string {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(CI|GITHUB_.*)$/.test(name)));
  const { status, stdout, stderr } = spawnSync(process.execPath, [relpipe, ...args], { cwd, env, encoding: 'utf8' });
  if (status === 2 || status === 70 || status === null) throw new Error(`relpipe ${args.join(' ')} ended with ${String(status)}: ${stderr}`);
  return stdout;
}
