import type { Measurement } from '../../../contract/index.ts';
import { messageOf } from '../../../util/phrases.ts';
import { plainJson } from '../plain-json.ts';

/**
 * What a metric type returned, checked field by field and copied: the compiler of a plugin would not let anything else pass, but not every
 * plugin has one. Throws an `Error` that says what is wrong.
 */
export function readMeasurements(answer: unknown): readonly Measurement[] {
  if (!Array.isArray(answer)) throw new Error(notAList);
  return answer.map(readMeasurement);
}

const notAList = 'the metric type did not return a list of measurements';

function readMeasurement(one: unknown): Measurement {
  if (typeof one !== 'object' || one === null) throw new Error(notAList);
  const { at, value, samples, series, query, raw, warnings, partial }: Partial<Record<keyof Measurement, unknown>> = one;
  const check = <T>(name: keyof Measurement, given: unknown, isRight: (given: unknown) => given is T): T => {
    if (isRight(given)) return given;
    throw new Error(`the metric type returned a measurement with an invalid "${name}"`);
  };
  return {
    at: check('at', at, isFinite),
    value: check('value', value, isValue),
    query: check('query', query, isText),
    raw: readRaw(raw),
    warnings: [...check('warnings', warnings, isTexts)],
    ...(samples !== undefined && { samples: check('samples', samples, isFinite) }),
    ...(series !== undefined && { series: check('series', series, isText) }),
    ...(partial !== undefined && { partial: check('partial', partial, isText) }),
  };
}

function readRaw(raw: unknown): Measurement['raw'] {
  try {
    return plainJson(raw ?? null);
  } catch (error) {
    throw new Error(`the metric type returned a measurement whose "raw" cannot be recorded: ${messageOf(error)}`, { cause: error });
  }
}

const isText = (given: unknown): given is string => typeof given === 'string';
const isTexts = (given: unknown): given is readonly string[] => Array.isArray(given) && given.every(isText);
const isFinite = (given: unknown): given is number => Number.isFinite(given);
/** NaN and the infinities are values, which are judged as such. */
const isValue = (given: unknown): given is number | null => given === null || typeof given === 'number';
