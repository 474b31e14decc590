/** The first of several ways to name things in which every one has a name, and no two the same; numbers from 1 where there is none. */
export function distinctNames<T>(things: readonly T[], ...ways: readonly ((thing: T) => string | undefined)[]): readonly string[] {
  for (const way of ways) {
    const names = things.flatMap((thing) => way(thing) ?? []);
    if (new Set(names).size === things.length) return names;
  }
  return things.map((_, n) => String(n + 1));
}
