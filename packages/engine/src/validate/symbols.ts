import type { Json } from '../contract/index.ts';
import { typeNames, type FieldTypes } from '../expressions/scope.ts';
import { isMapping, type Path, type RawMapping, type RawPipeline } from '../load/raw-pipeline.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { fieldTypesOf } from '../schema/field-types.ts';

/** Every name that the file declares, however wrong the rest of it may be: references are checked against it. */
export interface Symbols {
  readonly inputs: FieldTypes;
  /** The options of inputs that are a choice. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
  readonly secrets: readonly string[];
  readonly gates: readonly string[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly stages: ReadonlyMap<string, StageSymbol>;
  /** Every step of the file; a duplicate id is here twice. */
  readonly steps: readonly StepSymbol[];
}

export interface StageSymbol {
  readonly id: string;
  readonly needs: readonly string[];
  readonly isParallel: boolean;
  /** As other stages see it. */
  readonly mayBeSkipped: boolean;
  /** Its other steps still run when one of them has failed. */
  readonly continuesOnFailure: boolean;
  /** Without those under `finally` and `rollback`. */
  readonly steps: readonly StepSymbol[];
}

/** What other parts of the file may refer to in a step. */
export interface StepSymbol extends ListPlace {
  readonly id: string;
  /** Place in its list. */
  readonly index: number;
  readonly needs: readonly string[];
  /** The gates that it waits for or watches, with their paths inside the step. */
  readonly gates: readonly { readonly gate: string; readonly path: Path }[];
  readonly mayBeSkipped: boolean;
  /** Missing: its type is unknown because a plugin could not be loaded, or is reported already. */
  readonly outputs?: FieldTypes;
  readonly matrix?: FieldTypes | 'any';
}

/** The list of steps, and then the step, that a symbol is for. */
interface ListPlace {
  readonly path: Path;
  readonly phase: 'main' | 'finally' | 'rollback';
  /** Missing in the run's own `finally`. */
  readonly stage?: string;
  /** Under `rollback:`: the matrix of the step that is rolled back. */
  readonly cell?: FieldTypes | 'any';
  /** Under `rollback:`: the outputs of the step that is rolled back. */
  readonly rolledBackOutputs?: FieldTypes | 'any';
}

export function symbolsOf({ root = {} }: RawPipeline, registry: PluginRegistry): Symbols {
  const stages = entries(root['stages']).map(([id, stage]) => {
    const steps = stepsIn(stage['steps'], { phase: 'main', stage: id, path: ['stages', id, 'steps'] }, registry);
    const last = stepsIn(stage['finally'], { phase: 'finally', stage: id, path: ['stages', id, 'finally'] }, registry);
    const settings = { 'on-failure': root['on-failure'] ?? 'rollback', ...stage };
    return { symbol: stageSymbol(id, settings, steps), steps: [...steps, ...last] };
  });
  const last = stepsIn(root['finally'], { phase: 'finally', path: ['finally'] }, registry);
  const inputs = entries(root['inputs']);
  return {
    inputs: Object.fromEntries(inputs.map(([name, input]) => [name, typeOf(input['type'])])),
    choices: Object.fromEntries(inputs.flatMap(([name, { type, options }]) => (type === 'choice' && Array.isArray(options) ? [[name, strings(options)]] : []))),
    secrets: names(root['secrets']),
    gates: names(root['gates']),
    groups: Object.fromEntries(entriesOf(root['groups']).map(([name, people]) => [name, strings(people)])),
    stages: new Map(stages.map(({ symbol }) => [symbol.id, symbol])),
    steps: [...stages.flatMap(({ steps }) => steps), ...last],
  };
}

const stageSymbol = (id: string, stage: RawMapping, steps: readonly StepSymbol[]): StageSymbol => ({
  id,
  needs: strings(stage['needs']),
  isParallel: stage['parallel'] === true,
  mayBeSkipped: mayBeSkipped(stage),
  continuesOnFailure: stage['on-failure'] === 'continue',
  steps: steps.filter(({ phase }) => phase === 'main'),
});

function stepsIn(list: Json | undefined, place: ListPlace, registry: PluginRegistry): StepSymbol[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((step: Json, index) => {
    if (!isMapping(step)) return [];
    const path = [...place.path, index];
    const cell = 'matrix' in step ? { cell: matrixOf(step['matrix']) } : {};
    const rolledBackOutputs = outputsOf(step, registry) ?? 'any';
    const rollback = stepsIn(step['rollback'], { ...place, ...cell, rolledBackOutputs, phase: 'rollback', path: [...path, 'rollback'] }, registry);
    return [...stepSymbol(step, { ...place, path }, index, registry), ...rollback];
  });
}

function stepSymbol(step: RawMapping, place: ListPlace, index: number, registry: PluginRegistry): StepSymbol[] {
  const { id } = step;
  if (typeof id !== 'string') return [];
  const outputs = outputsOf(step, registry);
  const matrix = 'matrix' in step && { matrix: matrixOf(step['matrix']) };
  return [{ ...place, id, index, needs: strings(step['needs']), gates: gatesOf(step), mayBeSkipped: mayBeSkipped(step), ...(outputs && { outputs }), ...matrix }];
}

function gatesOf({ gate, gates }: RawMapping): StepSymbol['gates'] {
  const watched = Array.isArray(gates) ? gates : [];
  return [
    ...(typeof gate === 'string' ? [{ gate, path: ['gate'] }] : []),
    ...watched.flatMap((entry: Json, index) => {
      if (typeof entry === 'string') return [{ gate: entry, path: ['gates', index] }];
      return names(entry).map((name) => ({ gate: name, path: ['gates', index, name] }));
    }),
  ];
}

const mayBeSkipped = (construct: RawMapping): boolean => 'when' in construct || construct['on-failure'] === 'continue' || continuesAfterGate(construct);

/** A breach cancels a step; with `{ health: continue }` the run continues without the step's outputs. */
const continuesAfterGate = ({ gates }: RawMapping): boolean =>
  Array.isArray(gates) && gates.some((entry: Json) => isMapping(entry) && Object.values(entry).includes('continue'));

/** Its axes, and the further values of its included combinations; `any` when its structure is wrong, which is reported. */
function matrixOf(matrix: Json | undefined): FieldTypes | 'any' {
  if (!isMapping(matrix) || !isMapping(matrix['axes'])) return 'any';
  const included = Array.isArray(matrix['include']) ? matrix['include'].flatMap((cell: Json) => names(cell)) : [];
  return Object.fromEntries([...names(matrix['axes']), ...included].map((name) => [name, 'any']));
}

function outputsOf({ uses, outputs }: RawMapping, registry: PluginRegistry): FieldTypes | undefined {
  if (typeof uses !== 'string') return Object.fromEntries(entriesOf(outputs).map(([name, type]) => [name, typeOf(type)]));
  const type = registry.steps.get(uses) ?? registry.composites.get(uses);
  return type && fieldTypesOf(type.outputs);
}

const entriesOf = (value: Json | undefined): [string, Json][] => (isMapping(value) ? Object.entries(value) : []);
const entries = (value: Json | undefined): [string, RawMapping][] => entriesOf(value).map(([key, inner]) => [key, isMapping(inner) ? inner : {}]);
const names = (value: Json | undefined): string[] => entriesOf(value).map(([name]) => name);
const strings = (value: Json | undefined): string[] => (Array.isArray(value) ? value.filter((item: Json) => typeof item === 'string') : []);
const typeOf = (name: Json | undefined) => typeNames.find((known) => known === name) ?? 'any';
