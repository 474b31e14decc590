import type { Later, PlannedConfig, Unfolding } from 'relpipe/plugin';
import { confirmOutputs } from '../confirm/confirm-config.ts';
import { readyOutputs } from '../ready/ready-config.ts';
import { shiftOutputs } from '../shift/shift-config.ts';
import { testersOutputs } from '../testers/testers-config.ts';
import type { blueGreenConfig } from './blue-green-config.ts';

/** Both sides must be up before the switch: the candidate for what comes, stable for the way back. */
export function unfoldBlueGreen(config: PlannedConfig<typeof blueGreenConfig>, into: Unfolding): { weight: Later<number> } {
  const { router, stable, candidate, path, within, test, testers, preview, approve, hold } = config;
  const looks = { ...(path !== undefined && { path }), ...(within !== undefined && { within }) };
  into.step('ready', { uses: 'traffic.ready', outputs: readyOutputs, with: { router, sides: [stable, candidate], ...looks } });
  if (test !== undefined) into.step('test', { uses: 'traffic.ready', outputs: readyOutputs, with: { router, sides: [candidate], path: test.path, 'in-a-row': test.requests } });
  if (testers !== undefined) into.step('testers', { uses: 'traffic.testers', outputs: testersOutputs, with: { router, candidate, testers } });
  if (preview !== undefined) into.hold('preview', { for: preview });
  if (approve !== undefined) into.approval('approve', { ask: approve });
  const weight = into.step('switch', { uses: 'traffic.shift', outputs: shiftOutputs, with: { router, stable, candidate, weight: 100 } }).output('weight');
  into.hold('hold', { for: hold });
  into.step('confirm', { uses: 'traffic.confirm', outputs: confirmOutputs, with: { router, stable, candidate, weight } });
  if (testers !== undefined) into.step('no-testers', { uses: 'traffic.no-testers', outputs: testersOutputs, with: { router } });
  return { weight };
}
