import { becauseText } from '../../text/cause.ts';
import type { GroupView, RunView, StepView } from '../../view/run-view.ts';
import { type Shown, shownState, stateSymbols, stateWords } from '../../text/state-words.ts';
import { html, type Html, rowId } from '../html.ts';
import { type Box, layoutGraph, type Point, stepNote } from './layout-graph.ts';

/** A drawing that is wider than the page shrinks to this part of its size before it scrolls. */
const smallest = 0.72;

interface Graph {
  readonly drawing: Html;
  /** Its rule for the page's style: its full width, and how narrow it may get. */
  readonly style: string;
}

/** The plan as a drawing: stages and composites as boxes, each step with its symbol and state, a link to its row. */
export function drawGraph(view: RunView): Graph {
  const root = layoutGraph(view);
  const width = Math.round(root.width) + 2 * padding;
  return {
    drawing: graphRegion(root),
    style: `.graph{width:100%;max-width:${width}px;min-width:${Math.round(width * smallest)}px;padding:${padding}px}`,
  };
}

const padding = 8;

const graphRegion = (root: Box): Html =>
  html`
    <div class="scroll" role="region" aria-label="Graph of the plan" tabindex="0">
      <svg class="graph" viewBox="0 0 ${root.width} ${root.height}" role="group"
        aria-label="Stages and steps with their states, in the order in which they depend on each other">
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M1 1 7 4 1 7"/>
          </marker>
        </defs>
        ${insideOf(root)}
      </svg>
    </div>`;

const insideOf = (box: Box): Html => html`${box.lines.map(drawLine)}${box.children.map(drawBox)}`;

const drawLine = ({ edge, points }: Box['lines'][number]): Html =>
  html`<path class="edge${edge.finally ? ' finally' : ''}" d="${curve(points)}" marker-end="url(#arrow)"/>`;

const drawBox = (box: Box): Html =>
  html`<g transform="translate(${Math.round(box.x)} ${Math.round(box.y)})">${drawn(box)}</g>`;

function drawn(box: Box): Html {
  if ('group' in box.of) return html`${groupFrame(box, box.of.group)}${insideOf(box)}`;
  return 'step' in box.of ? stepBox(box, box.of.step) : bundleBox(box, box.of.bundle);
}

function groupFrame(box: Box, view: GroupView): Html {
  const state = shownState(view);
  const { title, kind } = view.group;
  return html`
    <g class="group state-${state}">
      <title>${`${view.group.key}: ${kind}, ${stateWords[state]}${reasonOf(view)}`}</title>
      <rect class="frame" width="${box.width}" height="${box.height}" rx="9"/>
      <text class="symbol" x="13" y="20">${stateSymbols[state]}</text>
      <text class="name" x="29" y="20">${fitted(title, box.width - 40)}</text>
    </g>`;
}

function stepBox(box: Box, view: StepView): Html {
  const state = shownState(view);
  const { key, title, act } = view.step;
  const what = act.act === 'task' ? act.uses : act.act;
  return html`
    <a href="#${rowId(key)}" class="step state-${state}${isBroken(view) && ' broken'}">
      <title>${`${key} (${what}): ${stateWords[state]}${reasonOf(view)}`}</title>
      ${nodeFrame(box, state)}
      <text class="name" x="34" y="18">${fitted(title, box.width - 40)}</text>
      <text class="note" x="34" y="33">${stepNote(view)}</text>
    </a>`;
}

const reasonOf = ({ because }: GroupView | StepView): string => (because === undefined ? '' : `, ${becauseText(because)}`);

/** Where the run broke, also when it is rolled back by now. */
const isBroken = ({ state }: StepView): boolean => state === 'failed' || state === 'unknown';

function bundleBox(box: Box, steps: readonly StepView[]): Html {
  const counts = new Map<Shown, number>();
  for (const step of steps) counts.set(shownState(step), (counts.get(shownState(step)) ?? 0) + 1);
  const worst = worstFirst.find((state) => counts.has(state)) ?? 'pending';
  const note = [...counts].map(([state, count]) => `${stateSymbols[state]} ${count}`).join('  ');
  return html`
    <g class="step state-${worst}">
      <title>${[...counts].map(([state, count]) => `${count} ${stateWords[state]}`).join(', ')}</title>
      ${nodeFrame(box, worst)}
      <text class="name" x="34" y="18">${`${steps.length} steps`}</text>
      <text class="note" x="34" y="33">${note}</text>
    </g>`;
}

const worstFirst: readonly Shown[] = [
  'rollback-failed', 'failed', 'unknown', 'rolling-back', 'running', 'waiting', 'rolled-back', 'cancelled', 'pending', 'succeeded',
];

const nodeFrame = (box: Box, state: Shown): Html =>
  html`
    <rect class="node" width="${box.width}" height="${box.height}" rx="7"/>
    <circle class="dot" cx="18" cy="21" r="9"/>
    <text class="symbol" x="18" y="25" text-anchor="middle">${stateSymbols[state]}</text>`;

/** Text cut to about a width in pixels; the tooltip has the whole. */
const fitted = (text: string, width: number): string => {
  const characters = Math.max(4, Math.floor(width / 6.6));
  return text.length > characters ? `${text.slice(0, characters - 1)}…` : text;
};

/** A smooth line through the middles between the points. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) }));
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return '';
  const middles = rest.slice(0, -1).map((point, n) => {
    const next = rest[n + 1] ?? point;
    const end = n === rest.length - 2 ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${point.x} ${point.y} ${end.x} ${end.y}`;
  });
  return `M${first.x} ${first.y}${middles.length > 0 ? middles.join('') : `L${last.x} ${last.y}`}`;
}
