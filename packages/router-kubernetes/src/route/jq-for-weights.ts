/**
 * A program for jq: every destination at `path` gets the weight of the first of its names that has one. One without a weight ends it, so that
 * nothing is put back.
 * @param names filters on a destination
 */
export function jqForWeights(path: string, weights: Readonly<Record<string, number>>, names: readonly string[]): string {
  const weight = names.map((name) => `$weights[${name} // ""]`).join(' // ');
  return `${JSON.stringify(weights)} as $weights | ${path} |= (.weight = (${weight} // error("no weight for \\(.)")))`;
}

/** The rules at `path`: the one that is named, or the only one. */
export const jqRule = (path: string, name: string | undefined): string => (name === undefined ? path : `(${path} | select(.name == ${JSON.stringify(name)}))`);
