import { onConflictWords, type OnConflict } from '../../model/concurrency.ts';
import { Type } from 'typebox';
import { expects } from './shape-parts.ts';

/** `concurrency` as it is written, where it fits. */
export type ConcurrencyShape = 'none' | { readonly group?: string; readonly 'on-conflict'?: OnConflict };

/** The group of runs of a file or a stage. */
export const concurrency = (description: string) =>
  Type.Unsafe<ConcurrencyShape>({
    anyOf: [
      { const: 'none' },
      {
        type: 'object',
        minProperties: 1,
        additionalProperties: false,
        properties: {
          group: { type: 'string', minLength: 1, ...expects('a name'), description: 'Of those runs that have the same group, one at a time may change anything.' },
          'on-conflict': {
            enum: onConflictWords,
            ...expects('wait, fail or supersede'),
            description: 'When another run holds the group: fail, wait until it returns it, or have it rolled back first. Default: fail.',
          },
        },
      },
    ],
    description,
    ...expects('a mapping, e.g. { group: production/api, on-conflict: wait }, or none'),
  });
