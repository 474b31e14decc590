import { expect, test } from 'vitest';
import type { Group } from '../../../src/plan/plan.ts';
import type { Op } from '../../../src/run/core/operation.ts';
import type { Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { commanded, failed, group, hold, hour, ok, planOf, probed, rollback, task, withGroups } from './plans.ts';
import { changesOf, opsOf, runPlan, tasksOf } from './run-plan.ts';
import { runTogether } from './run-together.ts';

const works: Script = (op) => (op.op === 'task' ? [[1_000, op.verb === 'probe' ? probed(op.key, 'not-done') : ok(op.key)]] : []);
const breaks = (key: string): Script => (op) => (op.op === 'task' && op.key.startsWith(`${key}!run`) ? [[1_000, failed(op.key)]] : works(op));

const one = (onConflict: 'fail' | 'wait' | 'supersede', name = 'api'): Group['concurrency'] => ({ group: name, onConflict });
const locksOf = (journal: Parameters<typeof opsOf>[0]): string[] => opsOf(journal).flatMap((op: Op) => (op.op === 'lock' ? [op.lock] : []));
const returnsOf = (journal: Parameters<typeof opsOf>[0]): string[] =>
  journal.flatMap((fact) => changesOf(fact).flatMap((change) => (change.do === 'unlock' ? [`${change.lock} ${change.effect} at ${String(fact.at)}`] : [])));

const release = planOf([task('check/test', { rollback: 'nothing' }), task('deploy/shift'), hold('deploy/watch', '1h', { needs: ['deploy/shift'] })], [group('check'), group('deploy', { needs: ['check'] })]);
const alone = withGroups(release, { '': one('fail') });

test('a run takes its group before its first step that may change anything, and gives it back when it is over', async () => {
  const { journal } = await runPlan(alone, works);
  const starts = opsOf(journal).map(({ op, key }) => `${op} ${key}`);
  expect(starts.slice(0, 3)).toEqual(['task check/test!run.1', 'lock !lock.1', 'task deploy/shift!run.1']);
  expect(returnsOf(journal)).toEqual([`api in-effect at ${String(hour + 2_000)}`]);
});

test('a validation takes no group: neither a step that is skipped nor one that changes nothing needs it', async () => {
  const validation = withGroups(planOf([task('check/test', { rollback: 'nothing' }), task('check/deploy', { when: { $expr: 'false', reads: [] } })]), { '': one('fail') });
  const { journal, ending } = await runPlan(validation, works);
  expect({ ending, locks: locksOf(journal) }).toEqual({ ending: { idle: 'over', outcome: 'succeeded' }, locks: [] });
});

test('a stage that says none needs no group, and the group of a stage is taken in addition to that of the run', async () => {
  const plan = withGroups(planOf([task('check/image'), task('deploy/shift')], [group('check'), group('deploy', { needs: ['check'] })]), { '': one('fail'), check: 'none', deploy: one('fail', 'router') });
  const { journal } = await runPlan(plan, works);
  expect(opsOf(journal).map(({ key }) => key)).toEqual(['check/image!run.1', '!lock.1', 'deploy!lock.1', 'deploy/shift!run.1']);
  expect(returnsOf(journal).map((text) => text.split(' ')[0])).toEqual(['api', 'router']);
});

test('a run that fails gives its group back once everything is rolled back', async () => {
  const { journal, ending } = await runPlan(withGroups(planOf([task('deploy/a'), task('deploy/b', { needs: ['deploy/a'] })]), { '': one('fail') }), breaks('deploy/b'));
  expect(ending).toEqual({ idle: 'over', outcome: 'rolled-back' });
  expect(returnsOf(journal)).toEqual([expect.stringMatching(/^api rolled-back/)]);
});

test('fail: a run beside one that holds the group ends without a change, and says which one', async () => {
  const { endings, journals } = await runTogether([
    { run: 'first', plan: alone, script: works },
    { run: 'second', plan: alone, script: works, at: 10_000 },
  ]);
  expect(endings).toMatchObject({ first: { outcome: 'succeeded' }, second: { outcome: 'failed' } });
  expect(tasksOf(journals['second'] ?? [])).toEqual(['check/test!run.1']);
  const turned = journals['second']?.flatMap(changesOf).find((change) => change.do === 'transition');
  expect(turned).toMatchObject({ to: 'rollback', because: 'run first (running) holds the group api' });
});

test('fail: what the refused run has changed under another group is rolled back', async () => {
  const plan = withGroups(planOf([task('build/push'), task('deploy/shift')], [group('build'), group('deploy', { needs: ['build'] })]), { deploy: one('fail') });
  const { endings, journals } = await runTogether([
    { run: 'first', plan: alone, script: works },
    { run: 'second', plan, script: works, at: 10_000 },
  ]);
  expect(endings['second']).toMatchObject({ outcome: 'rolled-back' });
  expect(tasksOf(journals['second'] ?? [])).toEqual(['build/push!run.1', 'build/push!rollback.1']);
});

test('wait: runs go one after the other, in order of arrival', async () => {
  const plan = withGroups(release, { '': one('wait') });
  const { endings, journals } = await runTogether(['first', 'second', 'third'].map((run, n) => ({ run, plan, script: works, at: n * 10_000 })));
  expect(Object.values(endings).map((ending) => 'idle' in ending && ending.idle)).toEqual(['over', 'over', 'over']);
  const shifted = (run: string): number => journals[run]?.find((fact) => fact.fact === 'ended' && fact.key === 'deploy/shift!run.1')?.at ?? 0;
  expect([shifted('first'), shifted('second'), shifted('third')]).toEqual([2_000, hour + 3_000, 2 * hour + 4_000]);
});

test('a run that waits and is rolled back waits no longer, and the next one has its turn', async () => {
  const plan = withGroups(release, { '': one('wait') });
  const { endings, journals } = await runTogether([
    { run: 'first', plan, script: works },
    { run: 'second', plan, script: works, at: 10_000, inbox: [[60_000, commanded('c', rollback, 'stale')]] },
    { run: 'third', plan, script: works, at: 20_000 },
  ]);
  expect(endings).toMatchObject({ second: { outcome: 'failed' }, third: { outcome: 'succeeded' } });
  expect(returnsOf(journals['second'] ?? [])).toEqual(['api none at 60000']);
});

test('supersede: the older run is rolled back first', async () => {
  const plan = withGroups(release, { '': one('supersede') });
  const { endings, journals } = await runTogether([
    { run: 'older', plan, script: works },
    { run: 'newer', plan, script: works, at: 60_000 },
  ]);
  expect(endings).toMatchObject({ older: { outcome: 'rolled-back' }, newer: { outcome: 'succeeded' } });
  const rolledBackAt = journals['older']?.find((fact) => fact.fact === 'ended' && fact.key === 'deploy/shift!rollback.1')?.at ?? Infinity;
  const startedAt = journals['newer']?.find((fact) => changesOf(fact).some((change) => change.do === 'start' && change.op.key === 'deploy/shift!run.1'))?.at ?? 0;
  expect(startedAt).toBeGreaterThanOrEqual(rolledBackAt);
});

test('two runs that would wait for each other: the second wait is refused, and both runs end', async () => {
  const both = planOf([task('a/x'), task('b/y')], [group('a'), group('b', { needs: ['a'] })]);
  const slow: Script = (op) => (op.op === 'task' ? [[10_000, ok(op.key)]] : []);
  const { endings } = await runTogether([
    { run: 'first', plan: withGroups(both, { a: one('wait', 'A'), b: one('wait', 'B') }), script: slow },
    { run: 'second', plan: withGroups(both, { a: one('wait', 'B'), b: one('wait', 'A') }), script: slow, at: 1_000 },
  ]);
  expect(endings).toMatchObject({ first: { outcome: 'succeeded' }, second: { outcome: 'rolled-back' } });
});

test('past a point of no return, when nothing can be rolled back any more, the group goes back although the run goes on', async () => {
  const plan = withGroups(planOf([task('deploy/shift'), task('deploy/remove', { needs: ['deploy/shift'], rollback: 'impossible' }), hold('deploy/watch', '1h', { needs: ['deploy/remove'] })]), { '': one('wait') });
  const { endings, journals } = await runTogether([
    { run: 'first', plan, script: works },
    { run: 'second', plan, script: works, at: 1_500 },
  ]);
  expect(endings).toMatchObject({ first: { outcome: 'succeeded' }, second: { outcome: 'succeeded' } });
  expect([returnsOf(journals['first'] ?? []), returnsOf(journals['second'] ?? [])]).toEqual([['api in-effect at 2000'], ['api in-effect at 4000']]);
});

test('a point of no return in one branch keeps the group as long as another branch can be rolled back', async () => {
  const plan = withGroups(planOf([task('publish/push', { rollback: 'impossible' }), task('deploy/shift'), hold('watch/hold', '1h')], [group('publish'), group('deploy'), group('watch', { needs: ['publish', 'deploy'] })]), { '': one('wait') });
  const { journal } = await runPlan(plan, works);
  expect(returnsOf(journal)).toEqual([`api in-effect at ${String(hour + 1_000)}`]);
});

test('a run that is killed keeps its group until another process has ended it', async () => {
  const plan = withGroups(release, { '': one('wait') });
  const { endings, journals } = await runTogether([
    { run: 'first', plan, script: works, killedAfter: 8 },
    { run: 'second', plan, script: works, at: 10_000, killedAfter: 6 },
  ]);
  expect(endings).toMatchObject({ first: { outcome: 'succeeded' }, second: { outcome: 'succeeded' } });
  expect(locksOf(journals['first'] ?? [])).toEqual(['api']);
});

test('a plan of a previous version, which names no group, takes none', async () => {
  expect(locksOf((await runPlan(release, works)).journal)).toEqual([]);
});
