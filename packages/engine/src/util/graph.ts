/** Everything that can be reached from `start` over any number of edges, each once, nearest first; `start` itself only over a cycle. */
export function* reachableFrom(start: string, next: (name: string) => Iterable<string>): Generator<string> {
  const found = new Set(next(start));
  for (const name of found) {
    yield name;
    // A set can grow while it is iterated: what is added now is visited later.
    for (const further of next(name)) found.add(further);
  }
}

/** Whether `goal` can be reached from `start`; stops looking as soon as it is. */
export function isReachable(start: string, goal: string, next: (name: string) => Iterable<string>): boolean {
  for (const name of reachableFrom(start, next)) if (name === goal) return true;
  return false;
}

/** Every node after the nodes that it needs, else in the given order; in a cycle, the one that is met first comes last. */
export function inNeedOrder<T extends { readonly needs: readonly string[] }>(nodes: readonly T[], idOf: (node: T) => string): readonly T[] {
  const byId = new Map(nodes.map((node) => [idOf(node), node]));
  const met = new Set<T>();
  const ordered: T[] = [];
  for (const node of nodes) {
    if (met.has(node)) continue;
    met.add(node);
    const open = [{ node, needs: node.needs.values() }];
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const need = top.needs.next();
      if (need.done === true) {
        ordered.push(top.node);
        open.pop();
        continue;
      }
      const needed = byId.get(need.value);
      if (!needed || met.has(needed)) continue;
      met.add(needed);
      open.push({ node: needed, needs: needed.needs.values() });
    }
  }
  return ordered;
}

/** The cycles of a graph, each as the names along it, starting at the one that comes first; none shares an edge with another. */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const cycles: string[][] = [];
  const known = new Set<string>();
  const add = (cycle: string[]): void => {
    const edges = cycle.map((name, index) => JSON.stringify([name, cycle[(index + 1) % cycle.length]]));
    if (!edges.some((edge) => known.has(edge))) cycles.push(cycle);
    for (const edge of edges) known.add(edge);
  };

  const done = new Set<string>();
  for (const root of graph.keys()) {
    if (done.has(root)) continue;
    const path = [{ name: root, next: edgesOf(graph, root) }];
    /** The place of each name on the path. */
    const places = new Map([[root, 0]]);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const edge = top.next.next();
      if (edge.done === true) {
        done.add(top.name);
        places.delete(top.name);
        path.pop();
        continue;
      }
      const place = places.get(edge.value);
      if (place !== undefined) add(path.slice(place).map(({ name }) => name));
      else if (!done.has(edge.value)) {
        places.set(edge.value, path.length);
        path.push({ name: edge.value, next: edgesOf(graph, edge.value) });
      }
    }
  }
  return cycles;
}

const edgesOf = (graph: ReadonlyMap<string, readonly string[]>, name: string): Iterator<string> => (graph.get(name) ?? []).values();
