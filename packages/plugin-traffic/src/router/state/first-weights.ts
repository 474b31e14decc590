import type { Testers } from '../../router-kinds/router.ts';
import { RouterError } from '../router-error.ts';
import type { RouterSettings } from '../settings/router-settings.ts';
import { parseTesters } from '../testers/parse-testers.ts';
import { areSameWeights, parseWeights } from '../weights.ts';
import type { RouterState, WeightState } from './router-state.ts';

/**
 * The weights a router begins with: those of the state file, else those of the settings.
 * @throws RouterError TRAFFIC_ROUTER_STATE_MISMATCH when the file's weights were meant for other servers
 */
export function firstWeights(settings: RouterSettings, state: RouterState | undefined, now: string): WeightState {
  if (state === undefined) return { weights: settings.initialWeights, generation: 1, changedAt: now };
  if (settings.resetsWeights) return reset(settings, state, now);
  const mismatch = findMismatch(settings, state);
  if (mismatch !== undefined) throw stateMismatch(settings.stateFile, mismatch);
  const { generation, changedAt, testers } = state;
  return { weights: parseWeights(state.weights, [...settings.sides.keys()]), generation, changedAt, ...testersFrom(settings, testers) };
}

/** Whoever can write the file can say anything in it. */
function testersFrom({ sides }: RouterSettings, given: Testers | undefined): Pick<WeightState, 'testers'> {
  const testers = given === undefined ? undefined : parseTesters(given, [...sides.keys()]);
  return testers === undefined ? {} : { testers };
}

function reset({ initialWeights }: RouterSettings, state: RouterState, now: string): WeightState {
  return areSameWeights(initialWeights, state.weights)
    ? { weights: initialWeights, generation: state.generation, changedAt: state.changedAt }
    : { weights: initialWeights, generation: state.generation + 1, changedAt: now };
}

/** A side with a weight must still be the same server: a share given to one version is not another version's. */
function findMismatch({ sides }: RouterSettings, state: RouterState): string | undefined {
  const former = Object.keys(state.sides).sort().join(', ');
  const present = [...sides.keys()].sort().join(', ');
  if (former !== present) return `the sides were ${former} and are now ${present}`;
  const moved = [...sides].find(([name, { url }]) => url !== state.sides[name] && state.weights[name] !== 0);
  return moved && `"${moved[0]}" has ${state.weights[moved[0]]} % and was ${state.sides[moved[0]]}, now ${moved[1].url}`;
}

const stateMismatch = (stateFile: string, mismatch: string) =>
  new RouterError(
    'TRAFFIC_ROUTER_STATE_MISMATCH',
    `The weights in ${stateFile} are not for these sides: ${mismatch}.`,
    'Start it with the former sides, give another state file, or begin anew with relpipe-router --reset-weights.',
  );
