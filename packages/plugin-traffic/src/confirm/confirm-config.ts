import { quantity, Type, type Static } from 'relpipe/plugin';
import { shiftConfig } from '../shift/shift-config.ts';

const { router, stable, candidate } = shiftConfig.properties;

/** `with` of `traffic.confirm`. */
export const confirmConfig = Type.Object(
  { router, stable, candidate, weight: quantity('percent', 'Share the candidate must have; stable must have the rest') },
  { additionalProperties: false },
);
export type ConfirmConfig = Static<typeof confirmConfig>;

export const confirmOutputs = Type.Object({ weight: quantity('percent', 'Share of the candidate now') });
export type ConfirmOutputs = Static<typeof confirmOutputs>;
