import { join } from 'node:path';
import { chmodSync, writeFileSync } from 'node:fs';
import type { Folder } from '@relpipe/testing/relpipe-folder';
import { describe } from 'vitest';
import { eventsIn, pipeline, test } from './side-by-side.ts';

const parkAtOnce = ['--park-after', '0s'] as const;

const asking = (approval: string, groups = 'managers: [ann, bob, zoe]', more = '') =>
  pipeline(`
${more}
groups: { ${groups} }
stages:
  ask:
    steps:
      - { id: who, run: 'echo "people=[\\"tim\\", \\"pia\\"]" >> "$RELPIPE_OUTPUT"', outputs: { people: list } }
      - { id: sure, approval: "Deploy?", ${approval} }
  ship:
    needs: [ask]
    steps: [{ id: ship, run: "echo \${{ steps.sure.outputs.by.join(' ') }} for \${{ steps.sure.outputs.on-behalf-of.join(' ') }} > shipped" }]
`);

const refused = (code: string, text: string, expect: { stringMatching: (pattern: RegExp) => unknown }) => ({
  code: 2, stderr: expect.stringMatching(new RegExp(`${code}[^]*${text}`)),
});

const vote = (folder: Folder, who: string, ...more: readonly string[]) => folder.relpipe('approve', 'sure', '--as', who, ...more);

describe.concurrent('people who approve', () => {
  test('each person of a list that a step has found has to approve, or a delegate does on their behalf', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking('approvers: { count: all, of: ["${{ steps.who.outputs.people }}"], delegates: [managers], except: ["${{ run.started-by }}"] }'));
    const { code, stdout } = await folder.relpipe('run', ...parkAtOnce);
    expect({ code, stdout }).toEqual({ code: 75, stdout: expect.stringContaining('waiting for 0 of 2 approvals, still missing tim and pia, by tim, pia or on their behalf by ann, bob, zoe') as string });
    expect(await vote(folder, 'zoe')).toMatchObject(refused('REL_NOT_AN_APPROVER', 'zoe is not an approver here; the approvers are tim, pia; their delegates are ann, bob, zoe[^]*--on-behalf-of NAME', expect));
    expect(await vote(folder, 'eve', '--on-behalf-of', 'tim')).toMatchObject(refused('REL_NOT_AN_APPROVER', 'eve is not a delegate here', expect));
    expect(await vote(folder, 'zoe', '--on-behalf-of', 'ann')).toMatchObject(refused('REL_NOT_AN_APPROVER', 'ann is not an approver here, so nobody answers on behalf of ann', expect));
    expect((await vote(folder, 'pia')).stdout).toContain('Recorded: approved by pia. Approvals: pia (1 of 2).');
    expect((await folder.relpipe('resume', ...parkAtOnce)).code).toBe(75);
    expect((await folder.relpipe('status')).stdout).toContain('waiting for 1 of 2 approvals, still missing tim, by tim, pia');
    expect((await vote(folder, 'zoe', '--on-behalf-of', 'tim')).stdout).toContain('approved by zoe on behalf of tim. Approvals: pia, zoe on behalf of tim (2 of 2).');
    const last = await folder.relpipe('resume');
    expect(last).toMatchObject({ code: 0, stdout: expect.stringContaining('yes from zoe (as given on the command line, not authenticated) on behalf of tim') as string });
    expect(folder.lines('shipped')).toEqual(['pia zoe for tim']);
  });

  test('each item of a checklist is approved by itself', async ({ folderWith, expect }) => {
    const files = asking('items: checklist.md, approvers: { of: [managers] }');
    const folder = await folderWith({ ...files, 'checklist.md': '# Before\n- [ ] API documented\n- [x] old\n```\n- [ ] example\n```\n* [ ] Guide updated\n' });
    const { stdout } = await folder.relpipe('run', ...parkAtOnce);
    expect(stdout).toContain('waiting for an approval of 2 items (1. API documented, 2. Guide updated) by ann, bob, zoe');
    expect(await vote(folder, 'ann')).toMatchObject(refused('REL_ITEMS_NOT_NAMED', '1. API documented, 2. Guide updated[^]*--item 1 --item 2', expect));
    expect(await vote(folder, 'ann', '--item', '3')).toMatchObject(refused('REL_ITEM_UNKNOWN', 'no item 3 among 1. API documented', expect));
    expect(await vote(folder, 'ann', '--item', 'one')).toMatchObject({ code: 2 });
    expect((await vote(folder, 'ann', '--item', '2')).stdout).toContain('Approvals: ann. Items: 1 of 2.');
    expect((await folder.relpipe('resume', ...parkAtOnce)).stdout).toContain('yes from ann (as given on the command line, not authenticated) to item 2');
    expect((await folder.relpipe('status')).stdout).toContain('waiting for an approval of 1 item (1. API documented)');
    expect((await vote(folder, 'bob', '--item', '1')).stdout).toContain('Items: 2 of 2.');
    expect((await folder.relpipe('resume')).code).toBe(0);
  });

  test('silence is consent where the file says so', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking('timeout: 1s, at-timeout: approve'));
    expect(await folder.relpipe('run')).toMatchObject({ code: 0, stdout: expect.stringContaining('nobody rejected it before the timeout, which counts as approved') as string });
  });

  test('a list of people that is empty in the run fails the step', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking('approvers: { of: ["${{ steps.who.outputs.people.filter(p, p == \'nobody\') }}"] }'));
    expect(await folder.relpipe('run')).toMatchObject({ code: 1, stdout: expect.stringContaining('there is nobody to ask') as string });
  });
});

/** The people of the group are those whom the script prints. */
function roster(folder: Folder, script: string): void {
  const file = join(folder.path, 'on-call.sh');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

describe.concurrent('a group that a command prints', () => {
  const onCall = asking('approvers: { count: 2, of: [on-call] }', 'on-call: { run: ./on-call.sh }');

  test('is looked up when the question is asked, and again when somebody answers', async ({ folderWith, expect }) => {
    const folder = await folderWith(onCall);
    roster(folder, 'echo ann; echo bob');
    const { code, stdout } = await folder.relpipe('run', ...parkAtOnce);
    expect({ code, stdout }).toEqual({ code: 75, stdout: expect.stringContaining('waiting for 0 of 2 approvals by ann, bob') as string });
    expect(await vote(folder, 'zoe')).toMatchObject(refused('REL_NOT_AN_APPROVER', 'the approvers are ann, bob', expect));
    expect((await vote(folder, 'ann')).code).toBe(0);
    expect((await folder.relpipe('resume', ...parkAtOnce)).code).toBe(75);
    roster(folder, 'echo bob; echo zoe');
    expect(await vote(folder, 'zoe')).toMatchObject({ code: 0 });
    expect((await folder.relpipe('resume', ...parkAtOnce)).code).toBe(75);
    expect((await folder.relpipe('status')).stdout).toContain('waiting for 1 of 2 approvals by bob, zoe');
    expect((await vote(folder, 'bob')).code).toBe(0);
    const last = await folder.relpipe('resume', '--json');
    expect(last.code).toBe(0);
    expect(eventsIn(last.stdout).find(({ type }) => type === 'answered')).toMatchObject({ who: { who: 'bob', by: 'flag', identity: 'claimed' }, counted: true });
    expect(eventsIn(last.stdout).find(({ type }) => type === 'step-ended')).toMatchObject({ because: 'approved by zoe, bob' });
  });

  test('that cannot be looked up is asked for again, and never lets anybody pass', async ({ folderWith, expect }) => {
    const folder = await folderWith(onCall);
    roster(folder, 'echo "the roster is down" >&2; exit 7');
    const run = folder.start(['run', '--park-after', 'never']);
    await run.printed('cannot ask yet: the group on-call cannot be resolved: The command ended with exit code 7: the roster is down; tries again at');
    roster(folder, 'echo ann; echo bob');
    await run.printed('waiting for 0 of 2 approvals by ann, bob');
    expect((await vote(folder, 'ann')).code).toBe(0);
    roster(folder, 'exit 7');
    expect(await vote(folder, 'bob')).toMatchObject(refused('REL_ANSWER_NOT_COUNTED', 'the group on-call cannot be resolved[^]*those who can answer are ann, bob', expect));
    expect(await vote(folder, 'zoe')).toMatchObject(refused('REL_GROUP_UNRESOLVED', 'Whether zoe may do this is not known: the group on-call cannot be resolved[^]*ann, bob', expect));
    roster(folder, 'echo ann; echo bob');
    expect((await vote(folder, 'bob')).code).toBe(0);
    expect((await run.finished).code).toBe(0);
  });
});

const team = `
export default {
  name: 'crew',
  contract: 1,
  groups: {
    team: {
      summary: 'The people of a team',
      with: { type: 'object', properties: { team: { type: 'string' }, token: { type: 'string', 'x-relpipe': 'secret' } }, required: ['team', 'token'], additionalProperties: false },
      members: async ({ team, token }) => (token.reveal() === 'crew-token' ? [team + '-lead', team + '-engineer'] : []),
    },
  },
};`;

describe.concurrent('a group of a plugin', () => {
  const files: Readonly<Record<string, string>> = {
    'node_modules/crew/package.json': JSON.stringify({ name: 'crew', version: '1.0.0', type: 'module', exports: './index.js' }),
    'node_modules/crew/index.js': team,
    ...asking('approvers: { of: [platform] }', 'platform: { uses: crew.team, with: { team: "${{ inputs.team }}", token: "${{ secrets.CREW }}" } }', 'plugins: { crew: "*" }\nsecrets: { CREW: {} }\ninputs: { team: { type: string, default: infra } }\noperators: [platform]'),
  };
  const token = { CREW: 'crew-token' };

  test('is asked, with its settings and secrets', async ({ folderWith, expect }) => {
    const folder = await folderWith(files);
    const parked = await folder.start(['run', ...parkAtOnce], token).finished;
    expect(parked).toMatchObject({ code: 75, stdout: expect.stringContaining('waiting for an approval by infra-lead, infra-engineer') as string });
    expect((await vote(folder, 'infra-lead')).code).toBe(0);
    expect((await folder.start(['resume'], token).finished).code).toBe(0);
  });

  test('may operate a run, and somebody else may not', async ({ folderWith, expect }) => {
    const folder = await folderWith({ ...files, 'release.pipeline.yaml': (files['release.pipeline.yaml'] ?? '').replace('id: sure,', 'id: sure, on-failure: pause,') });
    await folder.start(['run', ...parkAtOnce], token).finished;
    await folder.relpipe('reject', '--as', 'infra-lead');
    expect((await folder.start(['resume'], token).finished).code).toBe(6);
    const go = (who: string, env: Readonly<Record<string, string>>) => folder.start(['continue', '--reason', 'they talked', '--as', who], env).finished;
    expect(await go('eve', token)).toMatchObject(refused('REL_NOT_AN_OPERATOR', 'eve is not an operator of this pipeline; the operators are infra-lead, infra-engineer', expect));
    expect((await go('infra-engineer', token)).code).toBe(0);
    expect((await folder.start(['resume', ...parkAtOnce], token).finished).code).toBe(75);
  });

  test('without people is a warning of the plan', async ({ folderWith, expect }) => {
    const folder = await folderWith(files);
    const { stderr, code } = await folder.start(['plan'], { CREW: 'another-token' }).finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('REL_GROUP_EMPTY') as string });
  });
});
