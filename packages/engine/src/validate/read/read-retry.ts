import type { Static } from 'typebox';
import type { Json } from '../../contract/index.ts';
import { isMapping, type Path } from '../../load/raw-pipeline.ts';
import { defaultBackoff, type RetryPolicy } from '../../model/retry.ts';
import { shapeErrors } from '../../schema/shape-errors.ts';
import { retry as retryShape } from '../shapes/shape-parts.ts';
import type { ValidationContext } from '../validation-context.ts';
import { readQuantity } from './read-quantity.ts';

type RetryShape = Static<typeof retryShape>;

/** The keys of `retry` whose values fit; the others were reported with the shape around them. */
export function fittingRetry(retry: Json | undefined): RetryShape {
  if (!isMapping(retry)) return {};
  const keys = Object.entries(retryShape.properties).filter(([key, shape]) => key in retry && shapeErrors(shape, retry[key]).length === 0);
  return Object.fromEntries(keys.map(([key]) => [key, retry[key]]));
}

/** `{ attempts: 3, backoff: 2s..1m, losses: 3 }`; without attempts, no pauses either. */
export function readRetry({ attempts, backoff, losses }: RetryShape, path: Path, context: ValidationContext): Partial<RetryPolicy> {
  const pauses = backoff === undefined ? defaultBackoff : readPauses(backoff, [...path, 'backoff'], context);
  return { ...(attempts !== undefined && { attempts, ...pauses }), ...(losses !== undefined && { losses }) };
}

type Pauses = Pick<RetryPolicy, 'firstMs' | 'maxMs'>;

function readPauses(backoff: string, at: Path, context: ValidationContext): Pauses {
  const [first, max, more] = backoff.split('..');
  if (first === undefined || max === undefined || more !== undefined) return refuse('two durations, e.g. 2s..1m', backoff, at, context);
  const before = context.diagnostics.length;
  const [firstAt, maxAt] = [context.raw.placeInText(at, 0, first.length), context.raw.placeInText(at, `${first}..`.length, max.length)];
  const pauses = {
    firstMs: readQuantity('duration', first, at, context, firstAt),
    maxMs: readQuantity('duration', max, at, context, maxAt),
  };
  const isRising = pauses.firstMs >= 0 && pauses.firstMs <= pauses.maxMs;
  if (context.diagnostics.length > before || isRising) return pauses;
  return refuse('a first pause and a maximum pause that is not shorter, e.g. 2s..1m', backoff, at, context);
}

function refuse(expected: string, backoff: string, at: Path, context: ValidationContext): Pauses {
  context.report('REL_VALUE_UNEXPECTED', { key: '"backoff"', expected, found: `"${backoff}"`, close: [] }, at);
  return defaultBackoff;
}
