import { defineComposite } from 'relpipe/plugin';
import { blueGreenConfig, blueGreenOutputs } from './blue-green-config.ts';
import { unfoldBlueGreen } from './unfold-blue-green.ts';

/**
 * `traffic.blue-green`: unfolds into a look at both sides, one shift of everything, and a hold. Each step is undone by itself, so that what
 * ends before the switch moves no traffic: the candidate may be the side that serves.
 */
export const blueGreen = defineComposite({
  summary: 'Switches all traffic to the candidate at once, holds, and switches back when it is undone',
  with: blueGreenConfig,
  outputs: blueGreenOutputs,
  unfold: unfoldBlueGreen,
});
