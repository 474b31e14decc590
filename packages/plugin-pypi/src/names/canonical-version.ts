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

/**
 * The same text for every spelling of the same version, by the normal forms of PEP 440 and without the zeros at the end of
 * the release, which make no other version: `v1.0-RC.1` and `1rc1` are `1rc1`. Undefined for what is no version.
 */
export function canonicalVersion(version: string): string | undefined {
  const parts = syntax.exec(version.trim().toLowerCase())?.groups;
  if (!parts) return undefined;
  const epoch = numberOf(parts['epoch']);
  return [
    epoch === '0' ? '' : `${epoch}!`,
    releaseOf(parts['release']),
    parts['pre'] === undefined ? '' : `${preNames[parts['pre']] ?? parts['pre']}${numberOf(parts['preNumber'])}`,
    parts['post'] === undefined && parts['bare'] === undefined
      ? ''
      : `.post${numberOf(parts['bare'] ?? parts['postNumber'])}`,
    parts['dev'] === undefined ? '' : `.dev${numberOf(parts['devNumber'])}`,
    parts['local'] === undefined ? '' : `+${localOf(parts['local'])}`,
  ].join('');
}

const preNames: Readonly<Record<string, string>> = { alpha: 'a', beta: 'b', c: 'rc', pre: 'rc', preview: 'rc' };

/** Without leading zeros; as text, because a date with a time is longer than a safe integer. */
const numberOf = (digits = '0'): string => digits.replace(/^0+(?=\d)/, '');

const releaseOf = (release = ''): string =>
  release
    .split('.')
    .map(numberOf)
    .join('.')
    .replace(/(\.0)+$/, '');

const localOf = (local: string): string =>
  local
    .split(/[-_.]/)
    .map((part) => (/^\d+$/.test(part) ? numberOf(part) : part))
    .join('.');
