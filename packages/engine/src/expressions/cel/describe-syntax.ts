/** What the parser of the library stumbled over, by what is written at that place. */
export function describeSyntax(summary: string, source: string, range: { readonly start: number; readonly end: number } | undefined): string {
  const expected = /^Expected (\w+), got (\w+)/.exec(summary);
  const isAtEnd = /\bEOF\b/.test(summary);
  if (expected?.[1] !== undefined) {
    const missing = `${signs[expected[1]] ?? 'something else'} is missing`;
    return isAtEnd ? `${missing} at its end` : `${missing} before ${written(source, range)}`;
  }
  if (isAtEnd) return 'something is missing at its end';
  if (/^Unexpected/.test(summary)) return `${written(source, range)} cannot stand here`;
  if (/^Exceeded max/i.test(summary)) return 'it is too long or nested too deeply';
  if (/^Unterminated string/i.test(summary)) return 'a text in it is not closed';
  return `${summary.charAt(0).toLowerCase()}${summary.slice(1).replace(/\.$/, '')}`;
}

const signs: Readonly<Record<string, string>> = {
  RPAREN: '")"',
  RBRACKET: '"]"',
  RBRACE: '"}"',
  COLON: '":" and what holds otherwise',
  COMMA: '","',
  IDENTIFIER: 'a name',
};

/** The word at the place, or the sign. */
function written(source: string, range: { readonly start: number } | undefined): string {
  const found = /^\s*([\w.-]+|\S)/.exec(source.slice(range?.start ?? 0))?.[1] ?? source.trim();
  return `"${found}"`;
}
