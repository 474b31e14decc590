import satisfies from 'semver/functions/satisfies.js';
import validRange from 'semver/ranges/valid.js';

/** How a version stands to the range that is asked for; a pre-release of a version in the range is inside. */
export function rangeFit(version: string, range: string): 'no-range' | 'outside' | 'inside' {
  if (validRange(range) === null) return 'no-range';
  return satisfies(version, range, { includePrerelease: true }) ? 'inside' : 'outside';
}
