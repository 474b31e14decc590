import dagre from '@dagrejs/dagre';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The part of dagre that is used here; its own declarations do not resolve under Node's rules for ESM. */
export interface GraphBoard {
  setGraph(options: { rankdir: 'LR' | 'TB'; nodesep: number; edgesep: number; ranksep: number }): void;
  setNode(key: string, size: { width: number; height: number }): void;
  setEdge(from: string, to: string, label: object): void;
  graph(): { readonly width?: number; readonly height?: number };
  /** The middle of a node. */
  node(key: string): Point;
  edge(from: string, to: string): { readonly points: readonly Point[] };
}

interface Library {
  readonly graphlib: { readonly Graph: new () => GraphBoard };
  layout(graph: GraphBoard): void;
}

const library: Library = dagre;

export const graphBoard = (): GraphBoard => new library.graphlib.Graph();

/** Gives every node and edge its place. */
export const layOut = (board: GraphBoard): void => {
  library.layout(board);
};
