import { likelyDays, readDays } from '../../calendar/read-days.ts';
import { readDates } from '../../calendar/read-dates.ts';
import { likelyHours, readHours } from '../../calendar/read-hours.ts';
import { isZone, zoneNames } from '../../calendar/zone-names.ts';
import type { Json } from '../../contract/index.ts';
import type { Value } from '../../expressions/value.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import { describe } from '../../schema/describe.ts';
import { closestNames } from '../../util/closest-names.ts';
import type { NamesHere } from '../name-scope.ts';
import { windowShape } from '../shapes/pipeline-shape.ts';
import type { WindowDeclaration } from '../valid-pipeline.ts';
import type { ValidationContext } from '../validation-context.ts';
import { readString } from './read-string.ts';

const beforeTheRun = 'windows are planned before any step has run';

/** The word for no window, where the name of one is expected. */
export const noWindow = 'none';

export function readWindow(name: string, written: Json, context: ValidationContext): WindowDeclaration[] {
  const path = ['windows', name];
  const hasName = context.hasNameForm('name', name, path);
  if (name === noWindow) context.report('REL_WINDOW_NAME_RESERVED', {}, context.raw.placeOfKey(path));
  const window = context.fitting(windowShape, written, path, `window "${name}"`);
  if (!window) return [];
  const { days, hours, zone, except = [] } = window;
  for (const [n, text] of (days ?? []).entries()) if (!readDays(text)) reportForm('days', text, likelyDays(text), [...path, 'days', n], context);
  if (hours !== undefined && !readHours(hours)) reportForm('hours', hours, likelyHours(hours), [...path, 'hours'], context);
  if (!isZone(zone)) context.report('REL_ZONE_UNKNOWN', { zone, close: closestNames(zone, zoneNames()) }, [...path, 'zone']);
  const read: WindowDeclaration = {
    name,
    zone,
    ...(days && { days }),
    ...(hours !== undefined && { hours }),
    except: readExcept(except, [...path, 'except'], context),
    at: context.raw.placeOfKey(path),
    placeOf: (inside) => context.raw.placeOf([...path, ...inside]),
  };
  return hasName ? [read] : [];
}

const forms = {
  days: 'a day, e.g. tue, mon..thu, first tue or last fri',
  hours: 'two times of day, e.g. 09:00..12:00, or 22:00..02:00 over midnight',
  except: 'a date that exists, or two, e.g. 2026-12-24 or 2026-12-21..2027-01-04',
} as const;

function reportForm(key: keyof typeof forms, text: string, close: readonly string[], path: Path, context: ValidationContext): void {
  context.report('REL_VALUE_UNEXPECTED', { key: `"${key}"`, expected: forms[key], found: describe(text), close }, path);
}

/** A list of dates and ranges, each of which may be an expression, or one expression that returns such a list. */
function readExcept(except: string | readonly string[], path: Path, context: ValidationContext): Value {
  const names = context.scope.withoutSteps(beforeTheRun);
  if (typeof except !== 'string') return except.map((text, n) => readDateText(text, [...path, n], names, context));
  if (except.includes('${{')) return readString(except, path, names, context, 'list') ?? [];
  return [readDateText(except, path, names, context)];
}

function readDateText(text: string, path: Path, names: NamesHere, context: ValidationContext): Value {
  if (text.includes('${{')) return readString(text, path, names, context) ?? '';
  if (!readDates(text)) reportForm('except', text, [], path, context);
  return text;
}

/** `window:` of a stage or a step: which windows it waits for. */
export function readWindowNames(
  written: string | readonly string[] | undefined,
  path: Path,
  here: NamesHere,
  context: ValidationContext,
): { readonly window?: readonly Value[] } {
  if (written === undefined) return {};
  const names: NamesHere = { ...here, whyNot: () => beforeTheRun };
  if (typeof written === 'string') return { window: readName(written, path, names, context) };
  return { window: written.flatMap((name, n) => readName(name, [...path, n], names, context)) };
}

function readName(text: string, path: Path, names: NamesHere, context: ValidationContext): readonly Value[] {
  if (text.includes('${{')) return [readString(text, path, names, context) ?? noWindow];
  const { windows } = context.symbols;
  if (text !== noWindow && !windows.includes(text)) context.reportUnknown('window', text, [...windows, noWindow], path);
  return [text];
}
