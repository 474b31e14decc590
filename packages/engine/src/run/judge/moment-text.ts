import type { Ms } from '../../model/ms.ts';

/** `14:03:20 UTC`: what is recorded reads the same on every machine. */
export const timeText = (at: Ms): string => `${new Date(at).toISOString().slice(11, 19)} UTC`;

/** `2026-11-20 14:03:20 UTC` */
export const dateTimeText = (at: Ms): string => `${new Date(at).toISOString().slice(0, 10)} ${timeText(at)}`;
