import { describe } from 'vitest';
import { endsIn, eventsIn, pipeline, runIn, test } from './side-by-side.ts';

const park = ['--park-after', '0s'] as const;
const inGithub = (ref: string) => ({ GITHUB_ACTIONS: 'true', GITHUB_REF: ref, GITHUB_SHA: 'abc', GITHUB_ACTOR: 'ann', GITHUB_EVENT_NAME: 'push' });
/** The tests themselves may run in a CI job. */
const outsideOfCi = { GITHUB_ACTIONS: '', GITLAB_CI: '', BITBUCKET_BUILD_NUMBER: '', JENKINS_URL: '' };

describe.concurrent('environments', () => {
  const shop = pipeline(`
inputs:
  version: { type: semver, default: 1.4.0 }
  url: { type: string }
  phase: { type: duration, default: 24h, min: 1s }
environments:
  staging: { url: "http://staging", phase: 2s }
  production: { url: "http://shop" }
stages:
  one:
    steps:
      - { id: say, run: "echo \${{ inputs.url }} \${{ inputs.phase }} \${{ run.environment }} > said" }
      - { id: smoke, when: run.environment == "staging", run: echo smoke >> said }
`);

  test('are presets of the inputs, and what is given on the command line wins', async ({ folderWith, expect }) => {
    const folder = await folderWith(shop);
    const { code, stdout } = await folder.relpipe('run', '--environment', 'staging');
    expect({ code, said: /environment: staging\n.*inputs: /.test(stdout) }, stdout).toEqual({ code: 0, said: true });
    expect((await folder.relpipe('status')).stdout).toContain('release.pipeline.yaml, environment staging, ');
    expect(folder.lines('said')).toEqual(['http://staging 2s staging', 'smoke']);
    expect((await folder.relpipe('run', '-e', 'production', '-i', 'phase=3s')).code).toBe(0);
    expect(folder.lines('said')).toEqual(['http://shop 3s production']);
  });

  test('are required where the file has some, and refused where it has none', async ({ folderWith, expect }) => {
    const [folder, plain] = await Promise.all([folderWith(shop), folderWith(pipeline('stages: { one: { steps: [{ id: a, run: "true" }] } }'))]);
    const refused = async (command: Promise<{ code: number | null; stderr: string }>) => {
      const { code, stderr } = await command;
      return [code, stderr.split('\n').slice(0, 2).join(' ')];
    };
    expect(await refused(folder.relpipe('run'))).toEqual([2, 'error REL_ENVIRONMENT_MISSING: This pipeline has environments, and none was chosen.   hint: Add --environment with staging or production.']);
    expect(await refused(folder.relpipe('plan'))).toEqual([2, expect.stringContaining('REL_ENVIRONMENT_MISSING')]);
    expect(await refused(folder.relpipe('run', '-e', 'stagging'))).toEqual([2, expect.stringMatching(/REL_ENVIRONMENT_UNKNOWN.*Did you mean "staging"\?/)]);
    expect(await refused(plain.relpipe('run', '-e', 'staging'))).toEqual([2, expect.stringMatching(/REL_ENVIRONMENT_UNKNOWN.*It has no environments/)]);
    expect((await folder.relpipe('validate')).code).toBe(0);
  });

  test('and where each input came from are shown by the plan and the report', async ({ folderWith, expect }) => {
    const folder = await folderWith(shop);
    const { stdout } = await folder.relpipe('plan', '-e', 'staging', '-i', 'version=2.0.0');
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      'Inputs in the environment staging:',
      '  version = 2.0.0 (given)',
      '  url = http://staging (environment: staging)',
      '  phase = 2s (environment: staging)',
      '',
    ]);
    await folder.relpipe('run', '-e', 'production', '--report', 'report.html');
    const report = folder.lines('report.html').join('\n');
    expect(report).toMatch(/<dt>Environment<\/dt><dd><code>production/);
    expect(report).toMatch(/<dt>version<\/dt><dd><code>1\.4\.0<\/code> <span class="note">default<\/span>/);
  });
});

describe.concurrent('what the CI says', () => {
  const tagged = pipeline(`
inputs:
  tag: { type: string, pattern: "v(?P<version>.+)", default: "\${{ ci.tag }}", required: false }
  version: { type: semver, default: "\${{ inputs.tag.version }}" }
stages:
  one:
    steps:
      - { id: wait, approval: "Go?" }
      - { id: say, run: "echo \${{ inputs.version }} \${{ default(inputs.tag, 'no tag') }} > said" }
`);

  test('gives an input its default, and a part of the tag is the version', async ({ folderWith, expect }) => {
    const folder = await folderWith(tagged);
    const { stdout } = await folder.start(['plan'], inGithub('refs/tags/v1.4.0')).finished;
    expect(stdout).toContain('  tag = v1.4.0 (ci: ci.tag of GitHub Actions)\n  version = 1.4.0 (default: inputs.tag)\n');
    const refused = await folder.start(['plan'], inGithub('refs/heads/main')).finished;
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('The input "version" is required, and its default has no value here: it reads inputs.tag.version.') as string });
  });

  test('when the plan is made decides, and nothing that a later process finds in its environment', async ({ folderWith, expect }) => {
    const folder = await folderWith(tagged);
    expect((await folder.start(['run', ...park], inGithub('refs/tags/v1.4.0')).finished).code).toBe(75);
    await folder.relpipe('approve');
    expect((await folder.start(['resume'], inGithub('refs/tags/v9.9.9')).finished).code).toBe(0);
    expect(folder.lines('said')).toEqual(['1.4.0 v1.4.0']);
  });

  test('is nothing outside of CI', async ({ folderWith, expect }) => {
    const folder = await folderWith(tagged);
    expect((await folder.start(['run', ...park, '-i', 'version=1.4.1'], outsideOfCi).finished).code).toBe(75);
    await folder.relpipe('approve');
    expect((await folder.relpipe('resume')).code).toBe(0);
    expect(folder.lines('said')).toEqual(['1.4.1 no tag']);
  });
});

describe.concurrent('the record of runs', () => {
  const engine = (more = '') =>
    pipeline(`
inputs:
  version: { type: semver }
  fails: { type: boolean, default: false }
  live: { type: semver, default: "\${{ history('trial')[0].inputs.version }}" }
${more}
stages:
  one:
    steps:
      - { id: say, run: "echo \${{ inputs.live }} to \${{ inputs.version }}: \${{ inputs.version.bump(inputs.live) }} >> said" }
      - { id: end, run: "test \${{ inputs.fails }} = false" }
outputs: { weight: 100% }
`);

  test('says which version is live: the newest run that succeeded and was not ended early', async ({ folderWith, expect }) => {
    const folder = await folderWith(engine());
    await folder.relpipe('run', '-i', 'version=1.0.0', '-i', 'live=0.9.0');
    await folder.relpipe('run', '-i', 'version=2.0.0', '-i', 'fails=true');
    await folder.relpipe('run', '-i', 'version=3.0.0', '-i', 'live=1.0.0', '--until', 'one');
    const { stdout, stderr, code } = await folder.relpipe('plan', '-i', 'version=1.0.1');
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: expect.stringMatching(/^ {2}live = 1\.0\.0 \(history: run \d{8}-\d{4}-\w{4}\)$/m) as string });
    await folder.relpipe('run', '-i', 'version=1.0.1');
    await folder.relpipe('run', '-i', 'version=1.1.0');
    expect(folder.lines('said')).toEqual(['0.9.0 to 1.0.0: major', '1.0.0 to 2.0.0: major', '1.0.0 to 3.0.0: major', '1.0.0 to 1.0.1: patch', '1.0.1 to 1.1.0: minor']);
  });

  test('that is not there is an error and not an input without a value, and no journal is made', async ({ folderWith, expect }) => {
    const folder = await folderWith(engine());
    for (const command of ['plan', 'run']) {
      const { code, stderr } = await folder.relpipe(command, '-i', 'version=1.0.0');
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/REL_HISTORY_UNAVAILABLE: .*"live".*There are no runs in .*journal\.db[^]*hint: Add --input live=1\.4\.0/) as string });
    }
    expect(folder.lines('.relpipe/journal.db')).toEqual([]);
  });

  test('without a run that counts leaves a required input without a value', async ({ folderWith, expect }) => {
    const folder = await folderWith(engine());
    await folder.relpipe('run', '-i', 'version=1.0.0', '-i', 'live=0.9.0', '-i', 'fails=true');
    expect(await folder.relpipe('run', '-i', 'version=1.0.0')).toMatchObject({ code: 2, stderr: expect.stringContaining('REL_INPUT_MISSING') as string });
  });

  test('is asked in the same environment, and for its outputs, or in one that is named', async ({ folderWith, expect }) => {
    const folder = await folderWith({
      ...engine('environments: { staging: {}, production: {} }'),
      'other.yaml': `relpipe: 1
name: other
inputs:
  staged: { type: semver, default: "\${{ history('trial/staging')[0].inputs.version }}" }
  weight: { type: percent, default: "\${{ history('trial/staging')[0].outputs.weight }}" }
  before: { type: semver, default: "\${{ history('trial/staging')[1].inputs.version }}", required: false }
  never: { type: boolean, default: "\${{ !has(history('trial/nowhere')[0].inputs.version) }}" }
stages: { one: { steps: [{ id: a, run: "true" }] } }
`,
    });
    await folder.relpipe('run', '-e', 'staging', '-i', 'version=1.1.0', '-i', 'live=0.9.0');
    await folder.relpipe('run', '-e', 'production', '-i', 'version=1.0.0', '-i', 'live=0.8.0');
    expect((await folder.relpipe('run', '-e', 'staging', '-i', 'version=1.2.0')).code).toBe(0);
    expect((await folder.relpipe('run', '-e', 'production', '-i', 'version=1.1.0')).code).toBe(0);
    expect(folder.lines('said').slice(2)).toEqual(['1.1.0 to 1.2.0: minor', '1.0.0 to 1.1.0: minor']);
    const { stdout } = await folder.relpipe('plan', 'other.yaml');
    expect(stdout.split('\n').slice(1, 5).map((line) => line.replace(/ \(.*/, ''))).toEqual(['  staged = 1.2.0', '  weight = 100%', '  before = 1.1.0', '  never = true']);
  });
});

describe.concurrent('a pipeline without environments', () => {
  test('has one history, which pipelines in every environment can ask', async ({ folderWith, expect }) => {
    const folder = await folderWith({
      'base.yaml': 'relpipe: 1\nname: base\ninputs: { version: { type: semver } }\nstages: { one: { steps: [{ id: a, run: "true" }] } }\n',
      'app.yaml': `relpipe: 1
name: app
inputs: { base: { type: semver, default: "\${{ history('base')[0].inputs.version.next('patch') }}" } }
environments: { staging: {}, production: {} }
stages: { one: { steps: [{ id: a, run: "echo \${{ inputs.base }} >> said" }] } }
`,
    });
    await folder.relpipe('run', 'base.yaml', '-i', 'version=1.2.3');
    expect((await folder.relpipe('run', 'app.yaml', '-e', 'staging')).code).toBe(0);
    expect((await folder.relpipe('run', 'app.yaml', '-e', 'production')).code).toBe(0);
    expect(folder.lines('said')).toEqual(['1.2.4', '1.2.4']);
  });
});

test('a run knows who started it, when, and in which environment', async ({ folderWith, expect }) => {
  const folder = await folderWith(
    pipeline(`
environments: { staging: {} }
stages: { one: { steps: [{ id: a, run: "true" }] } }
outputs:
  by: "\${{ run.started-by }}"
  where: "\${{ run.environment }}"
  later: "\${{ run.started + duration('1h') > run.started }}"
  id: "\${{ run.id }}"
`),
  );
  const { code, stdout } = await folder.start(['run', '--json', '-e', 'staging'], { ...outsideOfCi, ...inGithub('refs/heads/main') }).finished;
  expect({ code, over: eventsIn(stdout).at(-1) }).toMatchObject({ code: 0, over: { outputs: { by: 'ann', where: 'staging', later: true, id: runIn(stdout) } } });
  expect(endsIn(stdout)).toEqual({ 'one/a': 'succeeded' });
});
