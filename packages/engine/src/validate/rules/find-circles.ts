/** Circles in a graph, each as the names along it, begun at the one that comes first; none shares an edge with another. */
export function findCircles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const known = new Set<string>();

  const add = (circle: readonly string[]): void => {
    const edges = circle.map((name, index) => JSON.stringify([name, circle[(index + 1) % circle.length]]));
    if (!edges.some((edge) => known.has(edge))) circles.push([...circle]);
    for (const edge of edges) known.add(edge);
  };

  const visit = (name: string): void => {
    const from = trail.indexOf(name);
    if (from !== -1) add(trail.slice(from));
    if (from !== -1 || done.has(name)) return;
    trail.push(name);
    for (const next of graph.get(name) ?? []) visit(next);
    trail.pop();
    done.add(name);
  };

  for (const name of graph.keys()) visit(name);
  return circles;
}
