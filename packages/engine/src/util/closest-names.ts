/** The known names that look like `wanted`, best first, at most three: for "did you mean". */
export function closestNames(wanted: string, known: readonly string[]): readonly string[] {
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  const folded = fold(wanted);
  return [...new Set(known.length > many ? similarNames(folded, known) : known)]
    .map((name) => ({ name, distance: distanceOf(folded, fold(name)) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Beyond this, `wanted` is not compared with every name: a generated file may have thousands of wrong names among thousands. */
const many = 500;

/** The names that differ from `folded` in about one character: they share a form in which one character is left out. */
function similarNames(folded: string, known: readonly string[]): readonly string[] {
  let index = indexes.get(known);
  if (!index) indexes.set(known, (index = indexOf(known)));
  return shortened(folded).flatMap((form) => index.get(form) ?? []);
}

const indexes = new WeakMap<readonly string[], ReadonlyMap<string, readonly string[]>>();

function indexOf(known: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const name of known) {
    for (const form of new Set(shortened(fold(name)))) {
      const names = index.get(form);
      if (!names) index.set(form, [name]);
      else if (names.length < 20) names.push(name);
    }
  }
  return index;
}

/** The name, and the name without each of its characters. */
const shortened = (folded: string): readonly string[] => [
  folded,
  ...Array.from(folded, (_, i) => folded.slice(0, i) + folded.slice(i + 1)),
];

/** `a_b`, `aB` and `a-b` are the same name with a typo. */
const fold = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();

/** Damerau-Levenshtein (optimal string alignment): edits of one character, and swaps of two neighbours, from `a` to `b`. */
function distanceOf(a: string, b: string): number {
  let older: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, at(older, j - 2) + 1);
      row.push(best);
    }
    [older, last] = [last, row];
  }
  return at(last, b.length);
}

const at = (row: readonly number[], place: number): number => row[place] ?? Number.POSITIVE_INFINITY;
