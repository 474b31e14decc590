import type { Measurement } from '../../../contract/index.ts';
import type { Ms } from '../../../model/ms.ts';

/** Gives each measurement to the look it is nearest to: a metric may say when exactly it looked. */
export function byLook(measurements: readonly Measurement[], due: readonly Ms[]): ReadonlyMap<Ms, readonly Measurement[]> {
  const looks = new Map<Ms, Measurement[]>(due.map((at) => [at, []]));
  for (const one of measurements) (looks.get(one.at) ?? looks.get(nearest(one.at, due)))?.push(one);
  return looks;
}

const nearest = (moment: Ms, [first = moment, ...others]: readonly Ms[]): Ms =>
  others.reduce((best, at) => (Math.abs(at - moment) < Math.abs(best - moment) ? at : best), first);
