import { expect } from 'vitest';

/** Any text with this part in it, for `toMatchObject`. */
export const containing = (part: string): unknown => expect.stringContaining(part);
