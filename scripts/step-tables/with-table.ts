/** A README with another table between its two marks. Throws where they are missing. */
export function withTable(readme: string, table: string): string {
  const [begin, end] = [readme.indexOf(opening), readme.indexOf(closing)];
  if (begin < 0 || end < begin) throw new Error(`no ${opening} … ${closing}`);
  return `${readme.slice(0, begin + opening.length)}\n\n${table}\n\n${readme.slice(end)}`;
}

const opening = '<!-- steps -->';
const closing = '<!-- /steps -->';
