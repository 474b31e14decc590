/** Everything that can be reached from a node over any number of edges; the node itself only where a cycle leads back to it. */
export function reachable(start: string, next: (node: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...next(start)];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    open.push(...next(node));
  }
  return found;
}
