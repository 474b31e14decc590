import satisfies from 'semver/functions/satisfies.js';
import validRange from 'semver/ranges/valid.js';

/** Whether a version is inside a range; a pre-release of a version in the range is inside. `invalid`: the range is not a version range. */
export function rangeFit(version: string, range: string): 'invalid' | 'outside' | 'inside' {
  if (validRange(range) === null) return 'invalid';
  return satisfies(version, range, { includePrerelease: true }) ? 'inside' : 'outside';
}
