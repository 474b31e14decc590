import { defineComposite } from 'relpipe/plugin';
import { canaryConfig, canaryOutputs } from './canary-config.ts';
import { undoCanary } from './undo-canary.ts';
import { unfoldCanary } from './unfold-canary.ts';

/** `traffic.canary`: unfolds into shift, hold, shift, hold … and is undone as one. */
export const canary = defineComposite({
  summary: 'Gives the candidate more and more of the traffic, and holds after each step',
  with: canaryConfig,
  outputs: canaryOutputs,
  unfold: unfoldCanary,
  rollback: undoCanary,
});
