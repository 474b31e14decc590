import { closestNames } from '../../util/closest-names.ts';

/** The way out of a problem of types, by its words. */
export function typeHint(problem: string): string {
  const [, left = '', right = ''] = /^there is no "(\w+) \S+ (\w+)"$/.exec(problem) ?? [];
  if (left !== '') return operandHint(left, right);
  const [, whole] = /^there is no function (.*)$/.exec(problem) ?? [];
  if (whole !== undefined) return functionHint(whole);
  const [, key] = /^there is no "(\S+)" in it$/.exec(problem) ?? [];
  if (key !== undefined) return keyHint(key);
  if (problem.startsWith('&& and ||') || /^there is no "!/.test(problem)) return 'Compare it with something first, e.g. inputs.name != "".';
  return 'Let the two sides be of one type; docs/reference/language.md names the types and their functions.';
}

const examples: Readonly<Record<string, string>> = {
  percent: 'percent("10%")',
  duration: 'duration("24h")',
  size: 'bytesize("512MiB")',
  semver: 'semver("1.4.0")',
};

/** `inputs.first-weight > 10`, `inputs.count == "3"`. */
function operandHint(left: string, right: string): string {
  const sides = [left, right];
  const typed = sides.filter((side) => Object.hasOwn(examples, side));
  if (typed.length === 1 && typed[0] !== undefined) return `Write the other side as a ${typed[0]} too, e.g. ${examples[typed[0]] ?? ''}.`;
  if (sides.includes('null')) return 'Nothing is null here; what may be missing is read with default(…, …).';
  const other = sides.find((side) => side === 'integer' || side === 'number' || side === 'boolean');
  if (sides.includes('string') && other !== undefined) {
    const way = other === 'boolean' ? 'Write true or false without quotes' : 'Write the number without quotes';
    return `${way}, or make a text of the ${other} with string(…).`;
  }
  return `Let both sides be of one type; here they are ${left} and ${right}.`;
}

const functions = ['bool', 'bytesize', 'default', 'double', 'duration', 'int', 'percent', 'semver', 'size', 'string', 'timestamp'];
const methods = ['all', 'contains', 'endsWith', 'exists', 'filter', 'indexOf', 'join', 'lowerAscii', 'map', 'matches', 'size', 'split', 'startsWith', 'substring', 'trim', 'upperAscii'];
const ofOtherTools: Readonly<Record<string, string>> = {
  always: 'What runs whatever happened stands under `finally:`.',
  cancelled: 'What runs whatever happened stands under `finally:`, and reads run.outcome.',
  failure: 'What runs after a failure stands under `finally:`, and reads run.outcome.',
  success: 'A step begins only when what it needs has succeeded; remove this.',
  len: 'Write size(…).',
  length: 'Write size(…).',
  now: 'The time of a run is run.started; nothing else may differ when an expression is looked at again.',
};

/** `string.startswith(string)`, `contains(string, string)`, `success()`. */
function functionHint(whole: string): string {
  const [, receiver, name = ''] = /^(?:([\w<>]+)\.)?(\w+)\(/.exec(whole) ?? [];
  const other = Object.hasOwn(ofOtherTools, name) ? ofOtherTools[name] : undefined;
  if (other !== undefined) return other;
  if (receiver === undefined && methods.includes(name) && name !== 'size') return `Write it behind the value: inputs.name.${name}(…).`;
  const known = receiver === undefined ? functions : methods;
  if (known.includes(name)) return Object.values(examples).find((example) => example.startsWith(name))?.replace(/^.*$/, 'It takes a text, e.g. $&.') ?? 'It takes values of other types.';
  const close = closestNames(name, known);
  return close.length > 0 ? `Did you mean ${close.join(' or ')}?` : `There are: ${known.join(', ')}.`;
}

function keyHint(key: string): string {
  const close = closestNames(key, ['bump', 'major', 'minor', 'patch', 'prerelease']);
  return close.length > 0 ? `Did you mean ${close.join(' or ')}?` : 'A version has major, minor, patch, prerelease and bump.';
}
