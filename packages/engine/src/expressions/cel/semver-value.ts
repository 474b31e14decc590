import compare from 'semver/functions/compare.js';
import parse from 'semver/functions/parse.js';

/** A version as expressions see it, by https://semver.org: without a leading `v`; build metadata is kept and does not count in the order. */
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
