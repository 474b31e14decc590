import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { isStepError, type AutomaticRollbackContext } from 'relpipe/plugin';
import { rollbackShift } from '../../steps/shift.impl.ts';
import type { ShiftConfig, ShiftOutputs, ShiftState } from '../../steps/shift.ts';
import { sendRequests } from '../clients.ts';
import { withRouter, type RouterFixture } from '../fixture.ts';
import { realContext } from '../real-context.ts';
import type { RouterRule } from '../router-rig.ts';

export const nextStartIsPrepared: RouterRule = {
  sentence:
    'a router that is dead during a rollback sends nothing to the candidate when it starts again, and the rollback fails until then',
  needs: 'nextStart',
  holds: (openRig) =>
    withRouter(openRig, async (fixture) => {
      const { rig, give, divide } = fixture;
      if (rig.routerProcess === undefined) throw new Error('The rig cannot stop its router.');
      await give(50);
      await rig.routerProcess.stop();
      for (let attempt = 0; attempt < 2; attempt += 1) await rejects(rollBack(fixture), reportsWhatIsPrepared);

      await rig.routerProcess.start();
      equal(await served(fixture), 0);

      await rollBack(fixture);
      const { weights, possibleWeights } = await (await openAgain(fixture)).read();
      deepEqual({ weights, possibleWeights }, { weights: divide(0), possibleWeights: undefined });
      equal(await served(fixture), 0);
    }),
};

function reportsWhatIsPrepared(error: unknown): true {
  const hint = isStepError(error) ? (error.hint ?? '') : String(error);
  match(hint, /At its next start it has \S+ 100%, \S+ 0%, by .* Manual rollback: /);
  return true;
}

const openAgain = ({ rig, folder }: RouterFixture) => rig.provision.open(rig.config, realContext(folder));

function rollBack(fixture: RouterFixture): Promise<void> {
  const { rig, folder, divide } = fixture;
  const config: ShiftConfig = { router: { name: rig.kind, open: () => openAgain(fixture) }, ...rig.names, weight: 50 };
  const context: AutomaticRollbackContext<ShiftState, ShiftOutputs> = {
    ...realContext(folder),
    saved: { router: 'of the run', weights: divide(0), wanted: divide(50), written: true },
    left: [],
    overwrite: false,
    saveState: () => Promise.resolve(),
    output: undefined,
    because: 'a gate failed',
  };
  return rollbackShift(config, context);
}

const served = async ({ rig }: RouterFixture): Promise<number> => (await sendRequests(rig.url, 200)).answers['candidate'] ?? 0;
