import { isFullyKnown } from 'relpipe/plugin';

/** Files with their sha256, where a plan knows them already; a build gives them only when the run gets there. */
export const settledFiles = (files: unknown): Readonly<Record<string, string>> | undefined => (isFiles(files) ? files : undefined);

const isFiles = (files: unknown): files is Readonly<Record<string, string>> =>
  typeof files === 'object' && files !== null && isFullyKnown(files);
