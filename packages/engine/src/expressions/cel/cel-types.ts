import type { ScopeType } from '../scope.ts';

const celNames: Readonly<Record<ScopeType, string>> = {
  string: 'string',
  choice: 'string',
  path: 'string',
  boolean: 'bool',
  number: 'double',
  integer: 'int',
  semver: 'semver',
  percent: 'percent',
  duration: 'duration',
  size: 'size',
  time: 'time',
  list: 'list',
  map: 'map',
  any: 'dyn',
};

export const celTypeOf = (type: ScopeType): string => celNames[type];

const scopeTypes: Readonly<Record<string, ScopeType>> = {
  string: 'string',
  bool: 'boolean',
  double: 'number',
  int: 'integer',
  uint: 'integer',
  semver: 'semver',
  percent: 'percent',
  duration: 'duration',
  size: 'size',
  time: 'time',
  dyn: 'any',
  null: 'any',
};

/** The type of the language; `undefined` for what has none, e.g. a point in time. */
export function scopeTypeOf(celType: string): ScopeType | undefined {
  if (/^list\b/.test(celType)) return 'list';
  if (/^map\b/.test(celType)) return 'map';
  if (/^dyn\b/.test(celType)) return 'any';
  return Object.hasOwn(scopeTypes, celType) ? scopeTypes[celType] : undefined;
}

/** A message of the library, its types named as the language names them. */
export const translateError = (message: string): string =>
  message
    .replaceAll(/\bint\b/g, 'integer')
    .replaceAll(/\bdouble\b/g, 'number')
    .replaceAll(/\bbool\b/g, 'boolean')
    .replaceAll(/\bdyn(?:<(\w+)>)?/g, (_, inner: string | undefined) => inner ?? 'any');
