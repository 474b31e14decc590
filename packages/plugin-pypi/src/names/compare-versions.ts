import type { Version } from './parse-version.ts';

/** Below zero when `a` comes before `b` in the order of PEP 440, above when after, zero for the same version. */
export function compareVersions(a: Version, b: Version): number {
  return (
    compare(a.epoch, b.epoch) ||
    compareLists(withoutLastZeros(a.release), withoutLastZeros(b.release)) ||
    compareLists(orderOf(a), orderOf(b)) ||
    compareLists(a.local, b.local)
  );
}

/** Neither a pre-release nor a development release; what PEP 440 calls final and post-releases. */
export const isStable = ({ pre, dev }: Version): boolean => pre === undefined && dev === undefined;

type Part = bigint | number | string;

/**
 * What follows the release: `.dev` of nothing else comes before every pre-release, and a missing pre-release or `.dev` after all
 * that have one.
 */
function orderOf({ pre, post, dev }: Version): readonly Part[] {
  const isBareDev = pre === undefined && post === undefined && dev !== undefined;
  const kind = pre === undefined ? (isBareDev ? -Infinity : Infinity) : kinds.indexOf(pre.kind);
  return [kind, pre?.number ?? 0n, post ?? -1n, dev ?? Infinity];
}

const kinds = ['a', 'b', 'rc'];

const withoutLastZeros = (release: readonly bigint[]): readonly bigint[] =>
  release.slice(0, release.findLastIndex((number) => number !== 0n) + 1);

/** Of two lists that agree as far as they go, the shorter one comes first. */
function compareLists(a: readonly Part[], b: readonly Part[]): number {
  for (const [at, part] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    const order = compare(part, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Words come before numbers. */
function compare(a: Part, b: Part): number {
  if (typeof a === 'string' && typeof b !== 'string') return -1;
  if (typeof a !== 'string' && typeof b === 'string') return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
