/** A README with a new table between its two marks. Throws where they are missing. */
export function withTable(readme: string, table: string): string {
  const [start, end] = [readme.indexOf(opening), readme.indexOf(closing)];
  if (start < 0 || end < start) throw new Error(`the README has no ${opening} … ${closing}`);
  return `${readme.slice(0, start + opening.length)}\n\n${table}\n\n${readme.slice(end)}`;
}

const opening = '<!-- steps -->';
const closing = '<!-- /steps -->';
