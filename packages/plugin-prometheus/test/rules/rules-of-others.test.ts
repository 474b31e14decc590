import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from '@relpipe/testing/http-server';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { virtualContext } from '@relpipe/testing/step-context';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { rollback } from '../../src/rules/rules.impl.ts';
import { rules, type RulesConfig, type RulesOutputs, type RulesState } from '../../src/rules/rules.ts';

const theirs = 'groups: [{ name: theirs, rules: [{ alert: Theirs }] }]\n';
const before = 'groups: [{ name: before, rules: [{ alert: Before }] }]\n';

interface Groups {
  readonly groups: readonly { readonly name: string; readonly rules: readonly { readonly alert: string }[] }[];
}

/** A server that has always loaded what the rule file contains, or nothing. */
async function openFixture({ loads = true } = {}) {
  const folder = scratchFolder();
  const file = join(folder.path, 'canary.yml');
  const server = await serve(({ url }, response) => {
    const { groups } = loads && existsSync(file) ? (parse(readFileSync(file, 'utf8')) as Groups) : { groups: [] };
    const loaded = groups.map(({ name, rules: all }) => ({ name, file, rules: all.map(({ alert }) => ({ name: alert })) }));
    const data = url === '/api/v1/rules' ? { groups: loaded } : { reloadConfigSuccess: true, lastConfigTime: '2026-01-01T00:00:00Z' };
    response.end(JSON.stringify({ data }));
  });
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });
  const config: RulesConfig = { server: server.url, file, groups: [{ name: 'canary', rules: [{ alert: 'High', expr: 'up' }] }] };
  const contextOf = (given: Parameters<typeof virtualContext<RulesState, RulesOutputs>>[0] = {}) =>
    virtualContext<RulesState, RulesOutputs>({ exec: async () => ({ code: 0, stdout: '', stderr: '' }), ...given });
  const content = () => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
  return { config, contextOf, content, write: (text: string) => writeFileSync(file, text) };
}

/** The rules of the step are loaded, and then somebody else writes others. */
async function openChanged() {
  const fixture = await openFixture();
  fixture.write(before);
  const context = fixture.contextOf();
  await rules.run(fixture.config, context);
  fixture.write(theirs);
  return { ...fixture, saved: context.states[0]! };
}

test('a rollback keeps the rules that somebody else wrote since, and fails', async () => {
  const { config, contextOf, content, saved } = await openChanged();
  await expect(rollback(config, contextOf({ saved }))).rejects.toMatchObject({ code: 'PROMETHEUS_RULES_CHANGED', changedByOthers: true });
  expect(content()).toBe(theirs);
});

test('a rollback restores the previous rules over those of somebody else when a person has decided so', async () => {
  const { config, contextOf, content, saved } = await openChanged();
  await rollback(config, contextOf({ saved, overwrite: true }));
  expect(content()).toBe(before);
});

test('a rollback has nothing to decide where somebody else has already restored the previous rules', async () => {
  const { config, contextOf, content, saved, write } = await openChanged();
  write(before);
  await rollback(config, contextOf({ saved }));
  expect(content()).toBe(before);
});

test('the rules that somebody else wrote since stay at the end of the run, with a line in the log', async () => {
  const { config, contextOf, content, saved } = await openChanged();
  const context = contextOf({ saved });
  await rules.teardown?.run(config, context);
  expect(content()).toBe(theirs);
  expect(context.lines).toEqual([expect.stringContaining('stays: somebody else changed it')]);
});

test('a second attempt does not replace the rules that somebody else wrote after the first one', async () => {
  const { config, contextOf, content, saved } = await openChanged();
  await expect(rules.run(config, contextOf({ saved, attempt: 2 }))).rejects.toMatchObject({ code: 'PROMETHEUS_RULES_CHANGED', changedByOthers: true });
  expect(content()).toBe(theirs);
});

test('rules that the server does not load are not removed when somebody else has replaced them meanwhile', async () => {
  const { config, contextOf, content, write } = await openFixture({ loads: false });
  const { clock } = contextOf();
  const sleep = async (ms: number) => {
    write(theirs);
    await clock.sleep(ms);
  };
  await expect(rules.run(config, contextOf({ clock: { ...clock, sleep } }))).rejects.toMatchObject({ code: 'PROMETHEUS_RULES_NOT_LOADED' });
  expect(content()).toBe(theirs);
});
