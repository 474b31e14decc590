import { rm } from 'node:fs/promises';
import type { InstallCheckState } from './install-check-config.ts';

/** Removes what was made; nothing is fine too. */
export async function removeEnvironment(made: InstallCheckState | undefined): Promise<void> {
  if (made) await rm(made.folder, { recursive: true, force: true, maxRetries: 3 });
}
