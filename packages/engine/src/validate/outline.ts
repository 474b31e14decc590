import type { Json } from '../contract/index.ts';
import { typeNames, type FieldTypes } from '../expressions/scope.ts';
import type { Path, RawMapping, RawPipeline } from '../load/raw-pipeline.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { fieldTypesOf } from '../schema/field-types.ts';
import { isMapping } from './structure/is-mapping.ts';

/** A step as far as others speak of it. */
export interface OutlinedStep {
  readonly id: string;
  readonly path: Path;
  readonly phase: 'main' | 'finally' | 'rollback';
  readonly stage?: string;
  /** Place in its list. */
  readonly index: number;
  readonly needs: readonly string[];
  /** Those it waits for or watches, with their paths inside the step. */
  readonly gates: readonly { readonly gate: string; readonly path: Path }[];
  readonly mayBeSkipped: boolean;
  /** Missing: its type is unknown because a plugin could not be loaded, or is reported already. */
  readonly outputs?: FieldTypes;
  readonly matrix?: FieldTypes | 'any';
  /** Of a step under `rollback:`: the matrix of the step that it undoes. */
  readonly cell?: FieldTypes | 'any';
  /** Of a step under `rollback:`: what the step that it undoes gives. */
  readonly undoneOutputs?: FieldTypes | 'any';
}

export interface OutlinedStage {
  readonly id: string;
  readonly needs: readonly string[];
  readonly isParallel: boolean;
  /** As others see it. */
  readonly mayBeSkipped: boolean;
  /** Its steps run on when one of them has failed. */
  readonly goesOn: boolean;
  readonly steps: readonly OutlinedStep[];
}

/** Who is there, taken from the file however wrong the rest of it may be: names are judged against it. */
export interface Outline {
  readonly inputs: FieldTypes;
  /** The options of inputs that are a choice. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
  readonly secrets: readonly string[];
  readonly gates: readonly string[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly stages: ReadonlyMap<string, OutlinedStage>;
  /** Every step of the file; an id that stands twice is there twice. */
  readonly steps: readonly OutlinedStep[];
}

export function outlineOf({ root = {} }: RawPipeline, registry: PluginRegistry): Outline {
  const stages = new Map(
    entries(root['stages']).map(([id, stage]) => [id, outlineStage(id, { 'on-failure': root['on-failure'] ?? 'rollback', ...stage }, registry)]),
  );
  const stageSteps = entries(root['stages']).flatMap(([id, stage]) => stepsOfStage(id, stage, registry));
  const last = steps(root['finally'], { phase: 'finally', path: ['finally'] }, registry);
  return {
    inputs: Object.fromEntries(entries(root['inputs']).map(([name, input]) => [name, typeOf(input['type'])])),
    choices: Object.fromEntries(entries(root['inputs']).flatMap(([name, { type, options }]) => (type === 'choice' && Array.isArray(options) ? [[name, texts(options)]] : []))),
    secrets: names(root['secrets']),
    gates: names(root['gates']),
    groups: Object.fromEntries(entriesOf(root['groups']).map(([name, people]) => [name, texts(people)])),
    stages,
    steps: [...stageSteps, ...last],
  };
}

const entriesOf = (value: Json | undefined): [string, Json][] => (isMapping(value) ? Object.entries(value) : []);
const entries = (value: Json | undefined): [string, RawMapping][] =>
  entriesOf(value).map(([key, inner]) => [key, isMapping(inner) ? inner : {}]);
const names = (value: Json | undefined): string[] => entriesOf(value).map(([name]) => name);
const texts = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((item: Json) => typeof item === 'string') : [];
const typeOf = (name: Json | undefined) => typeNames.find((known) => known === name) ?? 'any';
const maySkip = (construct: RawMapping): boolean => 'when' in construct || construct['on-failure'] === 'continue' || isLeftByGate(construct);
/** A breach cancels a step; with `{ health: continue }` the run goes on without what it would have given. */
const isLeftByGate = ({ gates }: RawMapping): boolean =>
  Array.isArray(gates) && gates.some((entry: Json) => isMapping(entry) && Object.values(entry).includes('continue'));

function outlineStage(id: string, stage: RawMapping, registry: PluginRegistry): OutlinedStage {
  return {
    id,
    needs: texts(stage['needs']),
    isParallel: stage['parallel'] === true,
    mayBeSkipped: maySkip(stage),
    goesOn: stage['on-failure'] === 'continue',
    steps: steps(stage['steps'], { phase: 'main', stage: id, path: ['stages', id, 'steps'] }, registry).filter(({ phase }) => phase === 'main'),
  };
}

function stepsOfStage(id: string, stage: RawMapping, registry: PluginRegistry): OutlinedStep[] {
  return [
    ...steps(stage['steps'], { phase: 'main', stage: id, path: ['stages', id, 'steps'] }, registry),
    ...steps(stage['finally'], { phase: 'finally', stage: id, path: ['stages', id, 'finally'] }, registry),
  ];
}

type ListPlace = Pick<OutlinedStep, 'phase' | 'stage' | 'path' | 'cell' | 'undoneOutputs'>;

function steps(list: Json | undefined, place: ListPlace, registry: PluginRegistry): OutlinedStep[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((step: Json, index) => {
    if (!isMapping(step)) return [];
    const path = [...place.path, index];
    const cell = 'matrix' in step ? { cell: matrixOf(step['matrix']) } : {};
    const undoneOutputs = outputsOf(step, registry) ?? 'any';
    const undo = steps(step['rollback'], { ...place, ...cell, undoneOutputs, phase: 'rollback', path: [...path, 'rollback'] }, registry);
    return [...outlineStep(step, { ...place, path }, index, registry), ...undo];
  });
}

function outlineStep(step: RawMapping, place: ListPlace, index: number, registry: PluginRegistry): OutlinedStep[] {
  const { id } = step;
  if (typeof id !== 'string') return [];
  const outputs = outputsOf(step, registry);
  return [
    {
      ...place,
      id,
      index,
      needs: texts(step['needs']),
      gates: gatesOf(step),
      mayBeSkipped: maySkip(step),
      ...(outputs && { outputs }),
      ...('matrix' in step && { matrix: matrixOf(step['matrix']) }),
    },
  ];
}

function gatesOf({ gate, gates }: RawMapping): OutlinedStep['gates'] {
  const watched = Array.isArray(gates) ? gates : [];
  return [
    ...(typeof gate === 'string' ? [{ gate, path: ['gate'] }] : []),
    ...watched.flatMap((entry: Json, index) => {
      if (typeof entry === 'string') return [{ gate: entry, path: ['gates', index] }];
      return names(entry).map((name) => ({ gate: name, path: ['gates', index, name] }));
    }),
  ];
}

/** Its axes, and what further values its included combinations bring; `any` when its structure is wrong, which is reported. */
function matrixOf(matrix: Json | undefined): FieldTypes | 'any' {
  if (!isMapping(matrix) || !isMapping(matrix['axes'])) return 'any';
  const included = Array.isArray(matrix['include']) ? matrix['include'].flatMap((cell: Json) => names(cell)) : [];
  return Object.fromEntries([...names(matrix['axes']), ...included].map((name) => [name, 'any']));
}

function outputsOf(step: RawMapping, registry: PluginRegistry): FieldTypes | undefined {
  const { uses } = step;
  if (typeof uses === 'string') {
    const type = registry.steps.get(uses) ?? registry.composites.get(uses);
    return type && fieldTypesOf(type.outputs);
  }
  return Object.fromEntries(entriesOf(step['outputs']).map(([name, type]) => [name, typeOf(type)]));
}
