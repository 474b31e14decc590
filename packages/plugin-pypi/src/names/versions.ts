/**
 * A version as PEP 440 defines it. Own code, because numbers have to be exact: @renovatebot/pep440 reads them as doubles, so that
 * `.dev20261120123456789` becomes `…788`, and reads the local label `1234e56`, which may be a commit, as a number.
 */
export interface Version {
  readonly epoch: bigint;
  readonly release: readonly bigint[];
  readonly pre: { readonly kind: 'a' | 'b' | 'rc'; readonly number: bigint } | undefined;
  readonly post: bigint | undefined;
  readonly dev: bigint | undefined;
  /** Empty when there is none. */
  readonly local: readonly (bigint | string)[];
}

/** PEP 440, appendix B, in its order: epoch, release, pre, post, dev, local. */
const syntax = new RegExp(
  [
    String.raw`^v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)`,
    String.raw`(?:[-_.]?(?<pre>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<preNumber>\d+)?)?`,
    String.raw`(?:-(?<bare>\d+)|[-_.]?(?<post>post|rev|r)[-_.]?(?<postNumber>\d+)?)?`,
    String.raw`(?:[-_.]?(?<dev>dev)[-_.]?(?<devNumber>\d+)?)?`,
    String.raw`(?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?$`,
  ].join(''),
);

/** Undefined where the text is not a valid version. */
export function parseVersion(text: string): Version | undefined {
  const parts = syntax.exec(text.trim().toLowerCase())?.groups;
  if (!parts) return undefined;
  const { epoch = '0', release = '', pre, preNumber = '0', bare, post, postNumber = '0', dev, devNumber = '0', local } = parts;
  return {
    epoch: BigInt(epoch),
    release: release.split('.').map(BigInt),
    pre: pre === undefined ? undefined : { kind: preKinds[pre] ?? 'rc', number: BigInt(preNumber) },
    post: post === undefined && bare === undefined ? undefined : BigInt(bare ?? postNumber),
    dev: dev === undefined ? undefined : BigInt(devNumber),
    local: (local?.split(/[-_.]/) ?? []).map((part) => (/^\d+$/.test(part) ? BigInt(part) : part)),
  };
}

const preKinds: Readonly<Record<string, 'a' | 'b'>> = { a: 'a', alpha: 'a', b: 'b', beta: 'b' };

/**
 * The same string for every spelling of the same version: the normal form of PEP 440 without the zeros at the end of the release,
 * which do not make another version. `v1.0-RC.1` and `1rc1` are `1rc1`. Undefined where the text is not a valid version.
 */
export function canonicalVersion(text: string): string | undefined {
  const version = parseVersion(text);
  if (!version) return undefined;
  const { epoch, release, pre, post, dev, local } = version;
  return [
    epoch === 0n ? '' : `${epoch}!`,
    release.join('.').replace(/(\.0)+$/, ''),
    pre === undefined ? '' : `${pre.kind}${pre.number}`,
    post === undefined ? '' : `.post${post}`,
    dev === undefined ? '' : `.dev${dev}`,
    local.length === 0 ? '' : `+${local.join('.')}`,
  ].join('');
}

/** Neither a pre-release nor a development release; PEP 440 calls them final and post-releases. */
export const isStable = ({ pre, dev }: Version): boolean => pre === undefined && dev === undefined;

/** Below zero when `a` comes before `b` in the order of PEP 440, above zero when it comes after, zero for the same version. */
export function compareVersions(a: Version, b: Version): number {
  return (
    compare(a.epoch, b.epoch) ||
    compareLists(withoutLastZeros(a.release), withoutLastZeros(b.release)) ||
    compareLists(orderOf(a), orderOf(b)) ||
    compareLists(a.local, b.local)
  );
}

const withoutLastZeros = (release: readonly bigint[]): readonly bigint[] =>
  release.slice(0, release.findLastIndex((number) => number !== 0n) + 1);

type Part = bigint | number | string;

/**
 * The parts after the release: `.dev` without anything else comes before every pre-release; a version without a pre-release or
 * `.dev` comes after all that have one.
 */
function orderOf({ pre, post, dev }: Version): readonly Part[] {
  const isBareDev = pre === undefined && post === undefined && dev !== undefined;
  const kind = pre === undefined ? (isBareDev ? -Infinity : Infinity) : ['a', 'b', 'rc'].indexOf(pre.kind);
  return [kind, pre?.number ?? 0n, post ?? -1n, dev ?? Infinity];
}

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

/** The same string for the same list of version specifiers, whatever their order and spaces: `>=3.9, <4` is `<4,>=3.9`. */
export const canonicalSpecifiers = (text: string): string =>
  text
    .replace(/\s+/g, '')
    .split(',')
    .filter((specifier) => specifier !== '')
    .sort()
    .join(',');
