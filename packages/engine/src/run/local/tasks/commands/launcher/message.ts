import type { CommandToStart, EndedCommand } from '../command-starter.ts';

/** From relpipe: first what all commands start from, then commands. */
export type Order = { readonly environment: Readonly<Record<string, string>> } | { readonly start: CommandToStart };

/** From the launcher. `started` without a leader: there is no such program or folder. */
export type Report =
  | { readonly ready: true }
  | { readonly started: { readonly leader?: number } }
  | { readonly refused: string }
  | { readonly ended: EndedCommand };
