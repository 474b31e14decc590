import type { NameTypes } from '../expressions/scope.ts';

/** What expressions may name at one kind of place in the file, and what of it has surely settled there. */
export interface NamesAt {
  readonly types: NameTypes;
  /** Why a step cannot be read here, as the end of "… cannot be read here: "; undefined when it can. */
  whyNot(step: string): string | undefined;
  mayBeSkipped(step: string): boolean;
}
