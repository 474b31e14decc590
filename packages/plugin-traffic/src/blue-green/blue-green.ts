import { defineComposite } from 'relpipe/plugin';
import { blueGreenConfig, blueGreenOutputs } from './blue-green-config.ts';
import { undoBlueGreen } from './undo-blue-green.ts';
import { unfoldBlueGreen } from './unfold-blue-green.ts';

/** `traffic.blue-green`: unfolds into a look at both sides, one shift of everything, and a hold; undone by switching back. */
export const blueGreen = defineComposite({
  summary: 'Switches all traffic to the candidate at once, holds, and switches back when it is undone',
  with: blueGreenConfig,
  outputs: blueGreenOutputs,
  unfold: unfoldBlueGreen,
  undo: undoBlueGreen,
});
