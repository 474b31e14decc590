import { percentFromUnits, type RouterReading, type SideUnits } from '@relpipe/plugin-traffic/router';
import { total } from '../units.ts';

/**
 * The shares that weights stand for. Two targets are set one after the other, the one that rises first; so two weights with a sum
 * above `total` are a change that was interrupted, and either of them says what the other one was or should have become.
 */
export function divisionOf(units: SideUnits): Pick<RouterReading, 'weights' | 'orElse'> {
  const [first, second, ...others] = Object.entries(units).filter(([, count]) => count > 0);
  const isHalfDone = first && second && others.length === 0 && first[1] + second[1] > total && Math.max(first[1], second[1]) <= total;
  if (!isHalfDone) return { weights: percentFromUnits(units) };
  return {
    weights: percentFromUnits({ ...units, [first[0]]: first[1], [second[0]]: total - first[1] }),
    orElse: percentFromUnits({ ...units, [first[0]]: total - second[1], [second[0]]: second[1] }),
  };
}
