import { arch, platform } from 'node:os';
import type { Machine } from '../../model/machine.ts';

/** What this machine provides to steps with `runs-on`. */
export const thisMachine = (): Machine => ({ os: names[platform()] ?? platform(), arch: arch() });

const names: Readonly<Record<string, string>> = { darwin: 'macos', win32: 'windows' };
