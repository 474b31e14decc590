import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { endsIn, eventsIn, runIn, test } from './side-by-side.ts';

/** A release that includes the roll-out of a region, which includes the checks of a server: three files in two folders. */
const files = {
  'release.pipeline.yaml': `
relpipe: 1
name: release
inputs: { version: { type: semver, default: 1.4.0 } }
stages:
  build:
    steps:
      - { id: make, run: 'echo "digest=sha256:1" >> "$RELPIPE_OUTPUT"', outputs: { digest: string }, rollback: none }
  deploy:
    needs: [build]
    steps:
      - id: regions
        pipeline: parts/region.pipeline.yaml
        matrix: { axes: { region: [eu, us] }, max-parallel: 1 }
        with: { region: "\${{ matrix.region }}", version: "\${{ inputs.version }}", digest: "\${{ steps.make.outputs.digest }}" }
      - { id: tell, run: 'echo "\${{ steps.regions.outputs.map(r, r.where).join(" ") }}" >> told', rollback: none }
`,
  'parts/region.pipeline.yaml': `
relpipe: 1
name: region
inputs: { region: { type: choice, options: [eu, us] }, version: { type: semver }, digest: { type: string } }
stages:
  roll-out:
    steps:
      - id: start
        run: 'echo "start \${{ inputs.region }} \${{ inputs.digest }}" >> ../log; echo "from=\${{ inputs.region }}" >> "$RELPIPE_STATE"'
        rollback: [{ id: stop, run: 'echo "stop \${{ saved.from }} \${{ inputs.version }}" >> ../log', idempotent: true }]
      - { id: smoke, pipeline: deeper/smoke.pipeline.yaml, with: { name: "\${{ inputs.region }}" } }
outputs: { where: "\${{ inputs.region }}-\${{ steps.smoke.outputs.seen }}" }
finally:
  - { id: close, run: 'echo "close \${{ inputs.region }} \${{ run.outcome }}" >> ../log' }
`,
  'parts/deeper/smoke.pipeline.yaml': `
relpipe: 1
name: smoke
inputs: { name: { type: string } }
stages:
  basic:
    steps:
      - id: health
        run: 'echo "health \${{ inputs.name }}" >> ../../log; echo "seen=\${{ inputs.name }}" >> "$RELPIPE_OUTPUT"; test ! -e ../../broken-"\${{ inputs.name }}"'
        outputs: { seen: string }
        rollback: none
outputs: { seen: "\${{ steps.health.outputs.seen }}" }
`,
};

describe.concurrent('sub-pipelines', () => {
  test('a matrix of sub-pipelines goes through regions in sequence, three levels deep, each in the folder of its file, and each is over with its finally', async ({ folderWith, expect }) => {
    const folder = await folderWith(files);
    const { code, stdout, stderr } = await folder.relpipe('run', '--json');
    expect(code, stderr).toBe(0);
    expect(folder.lines('log')).toEqual([
      'start eu sha256:1', 'health eu', 'close eu succeeded',
      'start us sha256:1', 'health us', 'close us succeeded',
    ]);
    expect(folder.lines('told')).toEqual(['eu-eu us-us']);
    expect(Object.keys(endsIn(stdout))).toContain('deploy/regions/region=eu/roll-out/smoke/basic/health');
  });

  test('a failure in an inner pipeline rolls back the steps of every sub-pipeline, and their finally runs after that', async ({ folderWith, expect }) => {
    const folder = await folderWith({ ...files, 'broken-us': '' });
    const { code, stdout, stderr } = await folder.relpipe('run');
    expect(code, stdout + stderr).toBe(3);
    const log = folder.lines('log');
    expect(log.slice(0, 5)).toEqual(['start eu sha256:1', 'health eu', 'close eu succeeded', 'start us sha256:1', 'health us']);
    expect([...log.slice(5, 7)].sort()).toEqual(['stop eu 1.4.0', 'stop us 1.4.0']);
    expect(log.slice(7)).toEqual(['close us rolled-back']);
    const status = await folder.relpipe('status');
    expect(status.stdout).toContain('deploy/regions/region=us/roll-out/smoke  failed');
    expect(status.stdout).toContain('deploy/regions/region=eu  rolled back');
    expect((await folder.relpipe('logs', runIn(stdout), 'deploy/regions/region=us/roll-out/smoke/basic/health')).code).toBe(0);
    expect((await folder.relpipe('report', '--output', 'report.html')).code).toBe(0);
    expect(folder.lines('report.html').join('\n')).toContain('deploy/regions/region=us/roll-out/smoke');
  });

  test('a run that is killed in a sub-pipeline goes on there, with its recorded inputs and in its folder', async ({ folderWith, expect }) => {
    const slow = files['parts/deeper/smoke.pipeline.yaml'].replace("run: 'echo", "idempotent: true\n        run: 'echo now > ../../at-work; test -e ../../go || sleep 30; echo");
    const folder = await folderWith({ ...files, 'parts/deeper/smoke.pipeline.yaml': slow });
    const { child, finished } = folder.start(['run']);
    await folder.appears('at-work');
    child.kill('SIGKILL');
    expect((await finished).signal).toBe('SIGKILL');
    writeFileSync(join(folder.path, 'go'), '');
    const { code, stdout, stderr } = await folder.relpipe('resume', '--json');
    expect(code, stderr).toBe(0);
    expect(folder.lines('log')).toEqual([
      'start eu sha256:1', 'health eu', 'close eu succeeded',
      'start us sha256:1', 'health us', 'close us succeeded',
    ]);
    const started = eventsIn(stdout).filter(({ type, seq }) => type === 'step-started' && seq !== undefined).map(({ step }) => step);
    expect(started).toContain('deploy/regions/region=us/roll-out/start');
  });

  test('groups, gates and secrets are those of the file of the sub-pipeline, also where the file around it uses the same names', async ({ folderWith, expect }) => {
    const file = (name: string, people: string, inner: string) => `
relpipe: 1
name: ${name}
secrets: { TOKEN_OF_${name.toUpperCase()}: {} }
groups: { approvers: [${people}] }
gates: { health: { every: 1s, metrics: { ok: { run: 'echo 1', unit: count, threshold: { max: ${name === 'outer' ? '2' : '3'} }, no-data: fail } } } }
stages:
  one:
    steps:
      - { id: go, approval: "Go ${name}?", approvers: { of: [approvers] } }
      - { id: use, run: 'test "$T" = value-of-${name}', env: { T: "\${{ secrets.TOKEN_OF_${name.toUpperCase()} }}" }, rollback: none }
      - { id: wait, hold: 10ms, gates: [health] }
${inner}`;
    const folder = await folderWith({
      'release.pipeline.yaml': file('outer', 'ann', '      - { id: sub, pipeline: inner.pipeline.yaml, gates: [health] }'),
      'inner.pipeline.yaml': file('inner', 'bob', ''),
    });
    const env = { TOKEN_OF_OUTER: 'value-of-outer', TOKEN_OF_INNER: 'value-of-inner' };
    expect((await folder.start(['run'], { TOKEN_OF_OUTER: 'value-of-outer' }).finished).stderr).toContain('TOKEN_OF_INNER');
    const plan = await folder.start(['plan'], env).finished;
    expect(plan.stdout).toContain('one/sub is inner.pipeline.yaml');
    expect(plan.stdout).toContain('one/sub/health');
    expect(plan.stdout).toMatch(/one\/sub\/one\/wait[^]*watched by health and one\/sub\/health/);

    expect((await folder.start(['run'], env).finished).stdout).toContain('Go outer?');
    expect((await folder.relpipe('approve', '--as', 'bob')).code).toBe(2);
    expect((await folder.relpipe('approve', '--as', 'ann')).code).toBe(0);
    expect((await folder.start(['resume'], env).finished).stdout).toContain('Go inner?');
    expect((await folder.relpipe('approve', '--as', 'ann')).stderr).toContain('bob');
    expect((await folder.relpipe('approve', '--as', 'bob')).code).toBe(0);
    const { code, stdout, stderr } = await folder.start(['resume'], env).finished;
    expect(code, stdout + stderr).toBe(0);
  });
});
