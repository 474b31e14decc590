import { unitsFor } from '../units/units-for.ts';
import type { SideWeights } from '../router.ts';
import type { BeforeChange, ChangeNote } from './change-note.ts';
import { mostUnits } from './most-units.ts';
import type { UpstreamFile, WrittenUpstream } from './upstream-file.ts';

/** Puts the file and its note back as they were, and throws what was the reason. */
type TakeBack = (reason: unknown) => Promise<never>;

/**
 * Sets the weights in the file; the note is written first. It outlives who dies here, and whoever comes next sees by it that nginx may
 * serve the former weights.
 */
export async function setNoted(file: UpstreamFile, note: ChangeNote, written: WrittenUpstream, weights: SideWeights, before: BeforeChange): Promise<TakeBack> {
  const noteBefore = await note.read();
  await note.write(before);
  const takeBack = async (reason: unknown): Promise<never> => {
    await file.write(written.text);
    await (noteBefore === undefined ? note.remove() : note.write(noteBefore));
    throw reason;
  };
  await file.setUnits(written, unitsFor(weights, mostUnits)).catch(takeBack);
  return takeBack;
}
