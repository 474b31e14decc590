import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needing, programOf } from '@relpipe/testing/real-servers';
import { virtualContext } from '@relpipe/testing/step-context';
import { describe, test } from 'vitest';
import { StepError, type ExecResult, type ReadContext } from 'relpipe/plugin';
import { rollback } from '../../src/rules/rules.impl.ts';
import { rules, type RulesConfig, type RulesOutputs, type RulesState } from '../../src/rules/rules.ts';
import { startPrometheusOfOwn, type OwnPrometheus } from '../support/own-prometheus.ts';

const needsServer = needing('prometheus');

/** Real time for the server, and real commands for promtool. */
const real = {
  clock: { now: () => Date.now(), sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) },
  exec: ([file = '', ...args]: readonly string[]): Promise<ExecResult> =>
    new Promise((resolve, reject) => {
      const child = execFile(file, args, (error, stdout, stderr) => {
        if (error && child.pid === undefined) reject(new StepError('REL_COMMAND_NOT_FOUND', `There is no ${file}.`));
        else resolve({ code: child.exitCode ?? 129, stdout, stderr });
      });
    }),
} satisfies Partial<ReadContext>;

const contextOf = (given: Parameters<typeof virtualContext<RulesState, RulesOutputs>>[0] = {}) => virtualContext<RulesState, RulesOutputs>({ ...real, ...given });

const high = { alert: 'High', expr: 'vector(2) > 1', labels: { severity: 'page' } };
const groups = [{ name: 'canary', rules: [high, { record: 'job:up:sum', expr: 'sum by (job) (up)' }] }];

const configOf = (server: OwnPrometheus, more: Partial<RulesConfig> = {}): RulesConfig => ({
  server: server.url,
  file: join(server.rules, 'canary.yml'),
  groups,
  promtool: programOf('prometheus', 'promtool'),
  ...more,
});

async function loadedBy({ url }: OwnPrometheus): Promise<string[]> {
  const { data } = (await (await fetch(`${url}/api/v1/rules`)).json()) as { data: { groups: { name: string; rules: { name: string }[] }[] } };
  return data.groups.flatMap((group) => group.rules.map(({ name }) => `${group.name}/${name}`)).toSorted();
}

describe.concurrent('prometheus.rules', () => {
  test('the rules are loaded when the step has ended, and removed by the teardown, which may be called twice', needsServer, async ({ expect }) => {
    await using server = await startPrometheusOfOwn();
    const context = contextOf();
    const file = join(server.rules, 'canary.yml');
    expect(await rules.run(configOf(server), context)).toEqual({ file, groups: ['canary'], rules: 2 });
    expect(await loadedBy(server)).toEqual(['canary/High', 'canary/job:up:sum']);
    expect(readdirSync(server.rules)).toEqual(['canary.yml']);

    const over = contextOf({ saved: context.states[0]! });
    await rules.teardown?.run(configOf(server), over);
    await rules.teardown?.run(configOf(server), over);
    expect(await loadedBy(server)).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });

  test('a rollback restores the file also when the server does not run, so that it does not come back with the rules', needsServer, async ({ expect }) => {
    const previous = 'groups: [{ name: previous, rules: [{ alert: Old, expr: vector(1) }] }]\n';
    await using server = await startPrometheusOfOwn({ rules: previous });
    const files = [configOf(server), configOf(server, { file: join(server.rules, 'given.yml') })];
    const states: RulesState[] = [];
    for (const config of files) {
      const context = contextOf();
      await rules.run(config, context);
      states.push(context.states[0]!);
    }
    await server.dies();

    for (const [n, config] of files.entries()) {
      const over = contextOf({ saved: states[n]! });
      await expect(rollback(config, over)).rejects.toMatchObject({ code: 'PROMETHEUS_UNREACHABLE' });
      await expect(rollback(config, over)).rejects.toMatchObject({ code: 'PROMETHEUS_UNREACHABLE' });
    }
    expect(readdirSync(server.rules)).toEqual(['given.yml']);
    expect(readFileSync(join(server.rules, 'given.yml'), 'utf8')).toBe(previous);
  });

  test('rules that are kept stay when the run ends, and are removed by a rollback', needsServer, async ({ expect }) => {
    await using server = await startPrometheusOfOwn();
    const config = configOf(server, { keep: true });
    const context = contextOf();
    await rules.run(config, context);
    const over = contextOf({ saved: context.states[0]! });
    await rules.teardown?.run(config, over);
    expect(await loadedBy(server)).toHaveLength(2);
    await rollback(config, over);
    expect(await loadedBy(server)).toEqual([]);
  });

  test('rules replace others in the same file, and a rollback restores those', needsServer, async ({ expect }) => {
    const previous = 'groups: [{ name: previous, rules: [{ alert: Old, expr: vector(1) }] }]\n';
    await using server = await startPrometheusOfOwn({ rules: previous });
    const config = configOf(server, { file: join(server.rules, 'given.yml') });
    const first = contextOf();
    await rules.run(config, first);
    const second = contextOf({ saved: first.states[0]!, attempt: 2 });
    await rules.run(config, second);
    expect(await loadedBy(server)).toEqual(['canary/High', 'canary/job:up:sum']);
    await rollback(config, contextOf({ saved: second.states.at(-1)! }));
    expect(await loadedBy(server)).toEqual(['previous/Old']);
    expect(readFileSync(join(server.rules, 'given.yml'), 'utf8')).toBe(previous);
  });

  test('rules may come from a rule file, such as the one that this package ships', needsServer, async ({ expect }) => {
    await using server = await startPrometheusOfOwn();
    const { server: url, file } = configOf(server);
    const from = join(import.meta.dirname, '../../rules/relpipe.yml');
    expect(await rules.run({ server: url, file, from }, contextOf())).toMatchObject({ groups: ['relpipe'], rules: 7 });
    expect(await loadedBy(server)).toContain('relpipe/RelpipeRollbackFailed');
  });

  test('the server is told to reload by a signal when the configuration says so', needsServer, async ({ expect }) => {
    await using server = await startPrometheusOfOwn();
    const pidFile = join(server.rules, '../prometheus.pid');
    writeFileSync(pidFile, `${server.pid}\n`);
    const config = configOf(server, { reload: 'signal', 'pid-file': pidFile });
    const context = contextOf();
    await rules.run(config, context);
    expect(await loadedBy(server)).toHaveLength(2);
    await rollback(config, contextOf({ saved: context.states[0]! }));
    expect(await loadedBy(server)).toEqual([]);
  });

  test('rules that promtool refuses are never written', needsServer, async ({ expect }) => {
    await using server = await startPrometheusOfOwn();
    const config = configOf(server, { groups: [{ name: 'canary', rules: [{ alert: 'High', expr: 'rate(' }] }] });
    const context = contextOf();
    await expect(rules.run(config, context)).rejects.toMatchObject({ code: 'PROMETHEUS_RULES_INVALID', message: expect.stringMatching(/promtool reports: .*High.*parse expression/) as string });
    expect({ states: context.states, files: readdirSync(server.rules) }).toEqual({ states: [], files: [] });
  });

  test('rules that the server refuses leave the file as it was', needsServer, async ({ expect }) => {
    const previous = 'groups: [{ name: previous, rules: [{ alert: Old, expr: vector(1) }] }]\n';
    await using server = await startPrometheusOfOwn({ rules: previous });
    // A promtool that finds nothing wrong.
    const config = configOf(server, { file: join(server.rules, 'given.yml'), promtool: 'true', groups: [{ name: 'canary', rules: [{ alert: 'High', expr: 'rate(' }] }] });
    await expect(rules.run(config, contextOf())).rejects.toMatchObject({ code: 'PROMETHEUS_RELOAD_REFUSED' });
    expect(readFileSync(join(server.rules, 'given.yml'), 'utf8')).toBe(previous);
    expect(await loadedBy(server)).toEqual(['previous/Old']);
  });

  test('rules in a file that the server does not read are an error, and are removed again', needsServer, async ({ expect }) => {
    await using server = await startPrometheusOfOwn();
    const config = configOf(server, { file: join(server.rules, '../elsewhere.yml'), within: 500 });
    await expect(rules.run(config, contextOf())).rejects.toMatchObject({ code: 'PROMETHEUS_RULES_NOT_LOADED', hint: expect.stringContaining('rule_files') as string });
    expect(existsSync(join(server.rules, '../elsewhere.yml'))).toBe(false);
  });

  test('rules that the server is never told to load are an error', needsServer, async ({ expect }) => {
    await using server = await startPrometheusOfOwn();
    const config = configOf(server, { reload: 'none', within: 500 });
    await expect(rules.run(config, contextOf())).rejects.toMatchObject({ code: 'PROMETHEUS_RULES_NOT_LOADED', message: expect.stringContaining('has not read its files again') as string });
  });

  test('a rollback keeps what somebody else wrote since, and fails', needsServer, async ({ expect }) => {
    await using server = await startPrometheusOfOwn();
    const context = contextOf();
    await rules.run(configOf(server), context);
    writeFileSync(join(server.rules, 'canary.yml'), 'groups: []\n');
    await expect(rollback(configOf(server), contextOf({ saved: context.states[0]! }))).rejects.toMatchObject({ code: 'PROMETHEUS_RULES_CHANGED', changedByOthers: true });
  });

  test('the rules, the file and the server are checked before the run', needsServer, async ({ expect }) => {
    await using server = await startPrometheusOfOwn();
    const verify = async (more: Partial<RulesConfig>) => rules.verify?.(configOf(server, more), contextOf());
    expect(await verify({})).toEqual([]);
    expect(await verify({ groups: [{ name: 'x', rules: [{ alert: 'a', expr: '(' }] }] })).toMatchObject([{ level: 'error', code: 'PROMETHEUS_RULES_INVALID' }]);
    expect(await verify({ file: '/nowhere/at/all/canary.yml' })).toMatchObject([{ level: 'error', code: 'PROMETHEUS_RULES_FOLDER_NOT_WRITABLE' }]);
    expect(await verify({ promtool: '/nowhere/promtool' })).toMatchObject([{ level: 'error', code: 'REL_COMMAND_NOT_FOUND' }]);
    expect(await verify({ reload: 'signal' })).toMatchObject([{ level: 'error', code: 'PROMETHEUS_RELOAD_REFUSED', message: expect.stringContaining('pid-file') as string }]);
    await server.dies();
    expect(await verify({})).toMatchObject([{ level: 'warning', code: 'PROMETHEUS_UNREACHABLE' }]);
  });
});
