interface Needing {
  readonly needs: readonly string[];
}

/** What is needed comes first; else the order stays. There are no circles any more, and everything needed is there. */
export function inOrder<T extends Needing>(nodes: readonly T[], idOf: (node: T) => string): readonly T[] {
  const byId = new Map(nodes.map((node) => [idOf(node), node]));
  const ordered = new Set<T>();
  const visit = (node: T): void => {
    if (ordered.has(node)) return;
    for (const need of node.needs) {
      const needed = byId.get(need);
      if (needed) visit(needed);
    }
    ordered.add(node);
  };
  nodes.forEach(visit);
  return [...ordered];
}
