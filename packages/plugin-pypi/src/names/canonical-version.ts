import { parseVersion } from './parse-version.ts';

/**
 * The same text for every spelling of the same version, by the normal forms of PEP 440 and without the zeros at the end of
 * the release, which make no other version: `v1.0-RC.1` and `1rc1` are `1rc1`. Undefined for what is no version.
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
