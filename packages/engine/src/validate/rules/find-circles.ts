/** Circles in a graph, each as the names along it, begun at the one that comes first; every edge back gives one. */
export function findCircles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];

  const visit = (name: string): void => {
    const from = trail.indexOf(name);
    if (from !== -1) circles.push(trail.slice(from));
    if (from !== -1 || done.has(name)) return;
    trail.push(name);
    for (const next of graph.get(name) ?? []) visit(next);
    trail.pop();
    done.add(name);
  };

  for (const name of graph.keys()) visit(name);
  return circles;
}
