import satisfies from 'semver/functions/satisfies.js';
import validRange from 'semver/ranges/valid.js';

/** Whether a version is inside the requested range; a pre-release of a version in the range is inside. */
export function rangeFit(version: string, range: string): 'no-range' | 'outside' | 'inside' {
  if (validRange(range) === null) return 'no-range';
  return satisfies(version, range, { includePrerelease: true }) ? 'inside' : 'outside';
}
