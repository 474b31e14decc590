import dagre from '@dagrejs/dagre';
import { shownState, stateWords } from '../../text/state-words.ts';
import { durationText } from '../../text/times.ts';
import type { GroupView, RunView, StepView } from '../../view/run-view.ts';
import { type Edge, groupEdges } from './group-edges.ts';

/** A place in the drawing; `x` and `y` are its upper left corner, counted from that of its parent. */
export interface Box {
  readonly of: { readonly step: StepView } | { readonly group: GroupView } | { readonly bundle: readonly StepView[] };
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly x: number;
  readonly y: number;
  readonly children: readonly Box[];
  readonly lines: readonly { readonly edge: Edge; readonly points: readonly Point[] }[];
}

/** Above this many direct steps a group is drawn as one box that counts them. */
const stepsDrawn = 24;

const groupHeader = 30;
const groupPadding = 12;
const stepSize = { height: 42, narrowest: 132, widest: 222, charWidth: 7.2, noteCharWidth: 6.6, around: 46 };

/**
 * Places every step and group. Each group is laid out by itself and then placed in its parent as a box of that size, so that lines
 * run between neighbours only and never through a group.
 */
export function layoutGraph(view: RunView): Box {
  const edges = groupEdges(view);
  const root = view.groups.get('') ?? rootOf(view);
  return placeGroup(root, edges, true);
}

const rootOf = (view: RunView): GroupView => ({
  group: { key: '', kind: 'run', title: view.plan.name, needs: [], failFast: false, onFailure: 'stop' },
  groups: [...view.groups.values()].filter(({ group }) => group.parent === undefined),
  steps: [],
  state: 'pending',
});

type Edges = ReadonlyMap<string, readonly Edge[]>;

function placeGroup(group: GroupView, edges: Edges, isRoot = false): Box {
  const children = [...group.groups.map((child) => placeGroup(child, edges)), ...stepBoxes(group)].filter(({ height }) => height > 0);
  if (children.length === 0) return { of: { group }, key: group.group.key, x: 0, y: 0, width: 0, height: 0, children: [], lines: [] };
  const keys = new Set(children.map(({ key }) => key));
  const inside = (edges.get(group.group.key) ?? []).filter(({ from, to }) => keys.has(from) && keys.has(to));
  const placed = arrange(children, inside, isRoot || !isChain(inside, children.length) ? 'LR' : 'TB');
  const frame = isRoot ? { left: 8, top: 8 } : { left: groupPadding, top: groupHeader };
  const titleWidth = isRoot ? 0 : group.group.title.length * stepSize.charWidth + 56;
  const shift = ({ x, y }: Point): Point => ({ x: x + frame.left, y: y + frame.top });
  return {
    of: { group },
    key: group.group.key,
    x: 0,
    y: 0,
    width: Math.max(titleWidth, placed.width + 2 * frame.left),
    height: placed.height + frame.top + (isRoot ? 8 : groupPadding),
    children: placed.children.map((child) => ({ ...child, ...shift(child) })),
    lines: placed.lines.map(({ edge, points }) => ({ edge, points: points.map(shift) })),
  };
}

function stepBoxes({ steps, group }: GroupView): readonly Box[] {
  const leaf = { x: 0, y: 0, height: stepSize.height, children: [], lines: [] };
  if (steps.length > stepsDrawn) return [{ ...leaf, of: { bundle: steps }, key: `${group.key}/…`, width: stepSize.widest }];
  return steps.map((step) => ({ ...leaf, of: { step }, key: step.step.key, width: widthOf(step) }));
}

function widthOf(step: StepView): number {
  const { narrowest, widest, charWidth, noteCharWidth, around } = stepSize;
  const text = Math.max(step.step.title.length * charWidth, stepNote(step).length * noteCharWidth);
  return Math.min(widest, Math.max(narrowest, text + around));
}

/** Whether edges without a cycle join all of `count` things in one line. */
const isChain = (edges: readonly Edge[], count: number): boolean =>
  edges.length === count - 1 &&
  new Set(edges.map(({ from }) => from)).size === edges.length &&
  new Set(edges.map(({ to }) => to)).size === edges.length;

type Arranged = Pick<Box, 'width' | 'height' | 'children' | 'lines'>;

function arrange(children: readonly Box[], edges: readonly Edge[], rankdir: 'LR' | 'TB'): Arranged {
  const graph = graphBoard();
  graph.setGraph({ rankdir, nodesep: 10, edgesep: 8, ranksep: rankdir === 'TB' ? 18 : 36 });
  // Without needs, boxes are one below the other and equally wide.
  const width = edges.length === 0 || rankdir === 'TB' ? Math.max(...children.map((child) => child.width)) : undefined;
  for (const child of children) graph.setNode(child.key, { width: width ?? child.width, height: child.height });
  for (const edge of edges) graph.setEdge(edge.from, edge.to, {});
  layOut(graph);
  return {
    ...sizeOf(graph),
    children: children.map((child) => ({ ...child, ...cornerOf(graph, child, width) })),
    lines: edges.map((edge) => ({ edge, points: pointsOf(graph, edge) })),
  };
}

const sizeOf = (graph: GraphBoard): { width: number; height: number } => {
  const { width = 0, height = 0 } = graph.graph();
  return { width, height };
};

function cornerOf(graph: GraphBoard, child: Box, width = child.width): Pick<Box, 'x' | 'y' | 'width'> {
  const { x, y } = graph.node(child.key);
  return { x: x - width / 2, y: y - child.height / 2, width };
}

const pointsOf = (graph: GraphBoard, { from, to }: Edge): readonly Point[] => graph.edge(from, to).points;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The part of dagre that is used here; its own declarations do not resolve under Node's rules for ESM. */
interface GraphBoard {
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

const graphBoard = (): GraphBoard => new library.graphlib.Graph();

/** Places every node and edge. */
const layOut = (board: GraphBoard): void => {
  library.layout(board);
};

/** The second line in a step's box: its state, and how long it took. */
export function stepNote(view: StepView): string {
  const { startedAt, endedAt, overridden } = view;
  const state = shownState(view);
  const word = overridden === true ? 'overridden' : state === 'unknown' ? 'unknown' : stateWords[state];
  const took = startedAt !== undefined && endedAt !== undefined && endedAt > startedAt;
  return took ? `${word}, ${durationText(endedAt - startedAt)}` : word;
}
