import type { Environment } from '@marcbachmann/cel-js';
import compare from 'semver/functions/compare.js';
import increase from 'semver/functions/inc.js';
import parse from 'semver/functions/parse.js';
import { list } from '../../util/phrases.ts';

/** What can follow a version. */
export const nextParts = ['major', 'minor', 'patch'] as const;

/** Versions with their parts and their order. */
export function addSemver(environment: Environment): void {
  const fields = { major: 'int', minor: 'int', patch: 'int', prerelease: 'string' };
  environment.registerType('semver', { ctor: SemverValue, fields });
  environment.registerFunction('semver(string): semver', make);
  environment.registerFunction('string(semver): string', ({ text }: SemverValue) => text);
  environment.registerFunction('semver.next(string): semver', (version: SemverValue, part: string) => version.next(part));
  environment.registerFunction('semver.bump(semver): string', (version: SemverValue, from: SemverValue) => version.bump(from));
  const compareBy = (operator: string, answer: (order: number) => boolean) =>
    environment.registerOperator(`semver ${operator} semver: bool`, (a: SemverValue, b: SemverValue) => answer(a.compare(b)));
  compareBy('<', (order) => order < 0);
  compareBy('<=', (order) => order <= 0);
  compareBy('>', (order) => order > 0);
  compareBy('>=', (order) => order >= 0);
  compareBy('==', (order) => order === 0);
}

function make(text: string): SemverValue {
  const version = SemverValue.parse(text);
  if (!version) throw new Error(`"${text}" is not a valid semver`);
  return version;
}

/**
 * A version as expressions see it, by https://semver.org: without a leading `v`; build metadata is kept and does not count in the order.
 */
export class SemverValue {
  readonly text: string;
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  /** `rc.1`, or empty. */
  readonly prerelease: string;

  private constructor(text: string, version: NonNullable<ReturnType<typeof parse>>) {
    this.text = text;
    this.major = BigInt(version.major);
    this.minor = BigInt(version.minor);
    this.patch = BigInt(version.patch);
    this.prerelease = version.prerelease.join('.');
  }

  static parse(text: string): SemverValue | undefined {
    const version = /^\d/.test(text) ? parse(text) : null;
    return version ? new SemverValue(text, version) : undefined;
  }

  /** The version after this one: `1.4.2` → `1.5.0` for `minor`. After a pre-release it is that version itself, if it is one of this kind. */
  next(part: string): SemverValue {
    const kind = nextParts.find((known) => known === part);
    const next = kind && SemverValue.parse(increase(this.text, kind) ?? '');
    if (!next) throw new Error(`there is no next "${part}"; write ${list(nextParts.map((known) => `"${known}"`), 'or')}`);
    return next;
  }

  /** The most significant part in which this version differs from the one that is named: what those who run that one have to expect. */
  bump(from: SemverValue): (typeof nextParts)[number] | 'prerelease' | 'none' {
    return nextParts.find((part) => this[part] !== from[part]) ?? (this.prerelease === from.prerelease ? 'none' : 'prerelease');
  }

  compare(other: SemverValue): -1 | 0 | 1 {
    return compare(this.text, other.text);
  }
}
