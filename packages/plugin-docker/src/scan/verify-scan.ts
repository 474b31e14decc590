import { findingFrom, isLater, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { notSettled } from '../not-settled.ts';
import { chooseScanner } from './choose-scanner.ts';
import type { scanConfig } from './scan-config.ts';

/** Whether there is a scanner, where the file names none. */
export async function verifyScan({ image, command, report }: PlannedConfig<typeof scanConfig>, context: ReadContext): Promise<readonly Finding[]> {
  const unknown = isLater(image) || isLater(command) ? [notSettled] : [];
  if (command !== undefined || report !== undefined) return unknown;
  try {
    await chooseScanner('an image', context);
    return unknown;
  } catch (error) {
    return [...unknown, findingFrom(error)];
  }
}
