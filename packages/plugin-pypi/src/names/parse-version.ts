/** A version as PEP 440 reads it. Numbers are exact: a date with a time is longer than a safe integer. */
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

/** Undefined for what is no version. */
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
