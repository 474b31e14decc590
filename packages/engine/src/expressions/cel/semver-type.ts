import type { Environment } from '@marcbachmann/cel-js';
import compare from 'semver/functions/compare.js';
import parse from 'semver/functions/parse.js';

/** Versions with their parts and their order. */
export function addSemver(environment: Environment): void {
  const fields = { major: 'int', minor: 'int', patch: 'int', prerelease: 'string', bump: 'string' };
  environment.registerType('semver', { ctor: SemverValue, fields });
  environment.registerFunction('semver(string): semver', make);
  environment.registerFunction('string(semver): string', ({ text }: SemverValue) => text);
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
  /** x.0.0 is major, x.y.0 is minor, everything else is a patch. */
  readonly bump: 'major' | 'minor' | 'patch';

  private constructor(text: string, version: NonNullable<ReturnType<typeof parse>>) {
    this.text = text;
    this.major = BigInt(version.major);
    this.minor = BigInt(version.minor);
    this.patch = BigInt(version.patch);
    this.prerelease = version.prerelease.join('.');
    this.bump = version.patch > 0 ? 'patch' : version.minor > 0 ? 'minor' : 'major';
  }

  static parse(text: string): SemverValue | undefined {
    const version = /^\d/.test(text) ? parse(text) : null;
    return version ? new SemverValue(text, version) : undefined;
  }

  compare(other: SemverValue): -1 | 0 | 1 {
    return compare(this.text, other.text);
  }
}
