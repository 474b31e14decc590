/** How a registry wants to be asked (`WWW-Authenticate`, RFC 9110 section 11.6.1). */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'bearer';
      readonly realm: string;
      readonly service: string | undefined;
      readonly scope: string | undefined;
    };

/** Of several challenges the bearer one, because registries that offer both mean it; undefined for none that is known. */
export function parseChallenge(header: string | null): Challenge | undefined {
  const challenges = split(header ?? '');
  const bearer = challenges.get('bearer');
  const realm = bearer?.get('realm');
  if (realm !== undefined)
    return { scheme: 'bearer', realm, service: bearer?.get('service'), scope: bearer?.get('scope') };
  return challenges.has('basic') ? { scheme: 'basic' } : undefined;
}

/** Parameters by scheme. A word without `=` begins a challenge; what stands in quotes is a value, whatever it reads. */
function split(header: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const challenges = new Map<string, Map<string, string>>();
  let parameters = new Map<string, string>();
  for (const [, name, quoted, plain, scheme] of header.matchAll(
    /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([\w-]+)/g,
  )) {
    if (scheme !== undefined) challenges.set(scheme.toLowerCase(), (parameters = new Map<string, string>()));
    else if (name !== undefined) parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '');
  }
  return challenges;
}
