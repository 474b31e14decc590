import type { PreviewMatch } from '../../routers/router.ts';
import { areSameWeights, parseWeights } from '../parse-weights.ts';
import { parsePreview } from '../preview-match.ts';
import { RouterError } from '../router-error.ts';
import type { RouterSettings } from '../settings.ts';
import type { RouterState, WeightState } from './state-file.ts';

/**
 * The weights with which a router starts: those of the state file, else those of the settings.
 * @throws RouterError TRAFFIC_ROUTER_STATE_MISMATCH when the weights in the file belong to other servers
 */
export function firstWeights(settings: RouterSettings, state: RouterState | undefined, now: string): WeightState {
  if (state === undefined) return { weights: settings.initialWeights, generation: 1, changedAt: now };
  if (settings.resetsWeights) return reset(settings, state, now);
  const mismatch = findMismatch(settings, state);
  if (mismatch !== undefined) throw stateMismatch(settings.stateFile, mismatch);
  const { generation, changedAt, preview } = state;
  return { weights: parseWeights(state.weights, [...settings.sides.keys()]), generation, changedAt, ...previewFrom(settings, preview) };
}

/** Checked, because the file may have been written by hand. */
function previewFrom({ sides }: RouterSettings, given: PreviewMatch | undefined): Pick<WeightState, 'preview'> {
  const preview = given === undefined ? undefined : parsePreview(given, [...sides.keys()]);
  return preview === undefined ? {} : { preview };
}

function reset({ initialWeights }: RouterSettings, state: RouterState, now: string): WeightState {
  return areSameWeights(initialWeights, state.weights)
    ? { weights: initialWeights, generation: state.generation, changedAt: state.changedAt }
    : { weights: initialWeights, generation: state.generation + 1, changedAt: now };
}

/** A side with a weight must still be the same server: a share that was given to one version must not go to another. */
function findMismatch({ sides }: RouterSettings, state: RouterState): string | undefined {
  const previous = Object.keys(state.sides).sort().join(', ');
  const present = [...sides.keys()].sort().join(', ');
  if (previous !== present) return `the sides were ${previous} and are now ${present}`;
  const moved = [...sides].find(([name, { url }]) => url !== state.sides[name] && state.weights[name] !== 0);
  return moved && `"${moved[0]}" has ${state.weights[moved[0]]} % and was ${state.sides[moved[0]]}, now ${moved[1].url}`;
}

const stateMismatch = (stateFile: string, mismatch: string) =>
  new RouterError(
    'TRAFFIC_ROUTER_STATE_MISMATCH',
    `The weights in ${stateFile} belong to other sides: ${mismatch}.`,
    'Start it with the previous sides, use another state file, or start with new weights: relpipe-router --reset-weights.',
  );
