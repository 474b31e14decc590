import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { GroupReturn } from '../../../src/run/core/change.ts';
import { requireNoLaterRun } from '../../../src/run/store/later-run.ts';
import { openSqliteStore } from '../../../src/run/store/sqlite/open-sqlite-store.ts';
import { temporaryFolder } from '../local/local-fixture.ts';
import { run } from '../local/plain-plan.ts';

/** Runs that have held the group one after the other, and what each has left; one without an effect holds it still. */
async function after(...effects: readonly (GroupReturn['effect'] | undefined)[]) {
  const store = openSqliteStore(join(temporaryFolder(), 'journal.db'));
  onTestFinished(() => store.close());
  for (const [n, effect] of effects.entries()) {
    const id = `r${String(n)}`;
    await store.createRun({ ...run, id });
    const lease = await store.takeLease(id);
    await store.takeGroup({ ...lease, group: 'api', onConflict: 'fail' });
    if (effect !== undefined) await store.commit({ ...lease, returned: [{ lock: 'api', effect }] });
  }
  return (to: 'rollback' | 'retry') => requireNoLaterRun(store, 'r0', to);
}

test.each(['rollback', 'retry'] as const)('the last run of its group may do it: %s', async (to) => {
  await expect((await after('in-effect'))(to)).resolves.toBeUndefined();
  await expect((await after('in-effect', 'none'))(to)).resolves.toBeUndefined();
});

test.each(['rollback', 'retry'] as const)('one that was replaced by a later run may not do it: %s', async (to) => {
  await expect((await after('in-effect', 'in-effect'))(to)).rejects.toMatchObject({ code: 'REL_LATER_RUN', message: expect.stringContaining('Run r1') as string });
});

test('once the later run is rolled back, the earlier one may be rolled back too, and is not tried again', async () => {
  const check = await after('in-effect', 'rolled-back');
  await expect(check('rollback')).resolves.toBeUndefined();
  await expect(check('retry')).rejects.toMatchObject({ code: 'REL_LATER_RUN' });
});

test('while another run holds the group, that one is named', async () => {
  await expect((await after('in-effect', undefined))('rollback')).rejects.toMatchObject({ code: 'REL_OTHER_RUN_OPEN', message: expect.stringContaining('Run r1') as string });
});
