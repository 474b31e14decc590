import { isFullyKnown, type Finding } from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';

/** The finding of a step that depends on earlier ones; `what` is the subject of the sentence. */
export const notChecked = (what: string): Finding => ({
  level: 'warning',
  code: 'PYPI_NOT_CHECKED',
  message: `${what} is known only when the run reaches this step, so it was not checked.`,
});

/** Files with their sha256 where the plan knows them already; those of a build are known only during the run. */
export const knownFiles = (files: unknown): Readonly<Record<string, string>> | undefined => (isFiles(files) ? files : undefined);

const isFiles = (files: unknown): files is Readonly<Record<string, string>> =>
  typeof files === 'object' && files !== null && isFullyKnown(files);

/** What `check` returns or throws as the findings of a `verify`. */
export async function findingsOf(check: () => Promise<Finding | undefined>): Promise<readonly Finding[]> {
  try {
    const found = await check();
    return found ? [found] : [];
  } catch (error) {
    return [findingFrom(error)];
  }
}
