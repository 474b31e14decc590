import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { isStepError, type RollbackContext } from 'relpipe/plugin';
import { rollbackShift } from '../../shift/rollback-shift.ts';
import type { ShiftConfig, ShiftOutputs, ShiftState } from '../../shift/shift-config.ts';
import { sendRequests } from '../clients.ts';
import { realContext } from '../real-context.ts';
import type { RouterRule } from '../router-rule.ts';
import { withRig, type World } from '../with-rig.ts';

export const nextStartIsPrepared: RouterRule = {
  sentence: 'a router that is dead when a release goes back gives the candidate nothing at its next start, and the way back fails until it lives again',
  needs: 'nextStart',
  holds: (openRig) =>
    withRig(openRig, async (world) => {
      const { rig, give, divide } = world;
      if (rig.life === undefined) throw new Error('The rig cannot stop its router.');
      await give(50);
      await rig.life.stop();
      for (let attempt = 0; attempt < 2; attempt += 1) await rejects(goBack(world), saysWhatIsPrepared);

      await rig.life.start();
      equal(await served(world), 0);

      await goBack(world);
      const { weights, orElse } = await (await openAnew(world)).read();
      deepEqual({ weights, orElse }, { weights: divide(0), orElse: undefined });
      equal(await served(world), 0);
    }),
};

function saysWhatIsPrepared(error: unknown): true {
  const hint = isStepError(error) ? (error.hint ?? '') : String(error);
  match(hint, /At its next start it has \S+ 100%, \S+ 0%, by .* By hand: /);
  return true;
}

const openAnew = ({ rig, folder }: World) => rig.provision.open(rig.config, realContext(folder));

function goBack(world: World): Promise<void> {
  const { rig, folder, divide } = world;
  const config: ShiftConfig = { router: { name: rig.kind, open: () => openAnew(world) }, ...rig.names, weight: 50 };
  const context: RollbackContext<ShiftState, ShiftOutputs> = {
    ...realContext(folder),
    saved: { weights: divide(0) },
    output: undefined,
    because: 'a gate failed',
  };
  return rollbackShift(config, context);
}

const served = async ({ rig }: World): Promise<number> => (await sendRequests(rig.url, 200)).answers['candidate'] ?? 0;
