import { test as base } from 'vitest';
import { openWorld, type World } from './world.ts';

/** For tests that run side by side: worlds that go with their own test. */
export const test = base.extend<{ openWorld: (requestsPerSecond?: number) => Promise<World> }>({
  openWorld: async ({}, use) => {
    const cleanings: (() => Promise<void> | void)[] = [];
    await use((requestsPerSecond) => openWorld((clean) => cleanings.unshift(clean), requestsPerSecond));
    for (const clean of cleanings) await clean();
  },
});
