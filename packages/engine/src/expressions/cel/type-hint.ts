import { closestNames } from '../../util/closest-names.ts';
import { didYouMean } from '../../util/phrases.ts';

/** A hint for a type error, by its words. */
export function typeHint(problem: string): string {
  const [, left = '', right = ''] = /^there is no operator "(\w+) \S+ (\w+)"$/.exec(problem) ?? [];
  if (left !== '') return operandHint(left, right);
  const [, whole] = /^there is no function (.*)$/.exec(problem) ?? [];
  if (whole !== undefined) return functionHint(whole);
  const [, key] = /^there is no key "(\S+)"$/.exec(problem) ?? [];
  if (key !== undefined) return keyHint(key);
  if (problem.startsWith('&& and ||') || /^there is no operator "!/.test(problem)) {
    return 'Compare it with something first, e.g. inputs.name != "".';
  }
  return 'Both sides must have the same type; docs/reference/language.md lists the types and their functions.';
}

const examples: Readonly<Record<string, string>> = {
  percent: 'percent("10%")',
  duration: 'duration("24h")',
  size: 'bytesize("512MiB")',
  semver: 'semver("1.4.0")',
  time: 'time("2026-12-01T09:00:00Z")',
};

/** `inputs.first-weight > 10`, `inputs.count == "3"`. */
function operandHint(left: string, right: string): string {
  const sides = [left, right];
  const typed = sides.filter((side) => Object.hasOwn(examples, side));
  if (typed.length === 1 && typed[0] !== undefined) return `Write the other side as a ${typed[0]} too, e.g. ${examples[typed[0]] ?? ''}.`;
  if (sides.includes('null')) return 'There is no null; read a value that may be missing with default(…, …).';
  const other = sides.find((side) => side === 'integer' || side === 'number' || side === 'boolean');
  if (sides.includes('string') && other !== undefined) {
    const way = other === 'boolean' ? 'Write true or false without quotes' : 'Write the number without quotes';
    return `${way}, or convert the ${other} with string(…).`;
  }
  return `Both sides must have the same type; found ${left} and ${right}.`;
}

const functions = ['bool', 'bytesize', 'default', 'double', 'duration', 'int', 'percent', 'semver', 'size', 'string', 'time', 'timestamp'];
const methods = [
  'all',
  'bump',
  'contains',
  'endsWith',
  'exists',
  'filter',
  'indexOf',
  'join',
  'lowerAscii',
  'map',
  'matches',
  'next',
  'size',
  'split',
  'startsWith',
  'substring',
  'trim',
  'upperAscii',
];
const ofOtherTools: Readonly<Record<string, string>> = {
  always: 'Steps that always run belong under `finally:`.',
  cancelled: 'Steps that always run belong under `finally:`, where they can read run.outcome.',
  failure: 'Steps that run after a failure belong under `finally:`, where they can read run.outcome.',
  success: 'A step starts only when everything that it needs has succeeded; remove this.',
  len: 'Write size(…).',
  length: 'Write size(…).',
  now: 'The time of a run is run.started; an expression must return the same value each time it is evaluated.',
};

/** `string.startswith(string)`, `contains(string, string)`, `success()`. */
function functionHint(whole: string): string {
  const [, receiver, name = ''] = /^(?:([\w<>]+)\.)?(\w+)\(/.exec(whole) ?? [];
  const other = Object.hasOwn(ofOtherTools, name) ? ofOtherTools[name] : undefined;
  if (other !== undefined) return other;
  if (receiver === undefined && methods.includes(name) && name !== 'size') return `Write it after the value: inputs.name.${name}(…).`;
  const known = receiver === undefined ? functions : methods;
  if (known.includes(name)) {
    return (
      Object.values(examples)
        .find((example) => example.startsWith(name))
        ?.replace(/^.*$/, 'It takes a string, e.g. $&.') ?? 'Its arguments must have other types.'
    );
  }
  const close = closestNames(name, known);
  return didYouMean(close) ?? `Available: ${known.join(', ')}.`;
}

function keyHint(key: string): string {
  if (key === 'bump') return 'The kind of step depends on the version before: write inputs.version.bump(inputs.live).';
  const close = closestNames(key, ['major', 'minor', 'patch', 'prerelease']);
  return didYouMean(close) ?? 'A version has major, minor, patch and prerelease, and the functions next("patch") and bump(from).';
}
