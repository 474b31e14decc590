import type { Json } from '../contract/index.ts';
import { approvalOutputs, typeNames, type FieldTypes } from '../expressions/scope.ts';
import { entriesOf, isMapping, type Path, type RawMapping } from '../load/raw-pipeline.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { fieldTypesOf } from '../schema/field-types.ts';
import type { SubPipelines } from './valid-pipeline.ts';

/** The parts of a step that the rest of the file may refer to. */
export interface StepSymbol extends SymbolPlace {
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

/** The place of a list of steps, and then of each step in it. */
interface SymbolPlace {
  readonly path: Path;
  readonly phase: 'main' | 'finally' | 'rollback';
  /** Missing in the run's own `finally`. */
  readonly stage?: string;
  /** Under `rollback:`: the matrix of the step that is rolled back. */
  readonly cell?: FieldTypes | 'any';
  /** Under `rollback:`: the outputs of the step that is rolled back. */
  readonly rolledBackOutputs?: FieldTypes | 'any';
}

/** What decides the outputs of a step that does not declare them itself. */
export interface KnownTypes {
  readonly registry: PluginRegistry;
  readonly subPipelines: SubPipelines;
}

/** The steps of a list, each followed by those of its rollback. */
export function stepsIn(list: Json | undefined, place: SymbolPlace, known: KnownTypes): StepSymbol[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((step: Json, index) => {
    if (!isMapping(step)) return [];
    const path = [...place.path, index];
    const cell = 'matrix' in step ? { cell: matrixOf(step['matrix']) } : {};
    const rolledBackOutputs = outputsOf(step, known) ?? 'any';
    const rollback = stepsIn(
      step['rollback'],
      { ...place, ...cell, rolledBackOutputs, phase: 'rollback', path: [...path, 'rollback'] },
      known,
    );
    return [...stepSymbol(step, { ...place, path }, index, known), ...rollback];
  });
}

function stepSymbol(step: RawMapping, place: SymbolPlace, index: number, known: KnownTypes): StepSymbol[] {
  const { id } = step;
  if (typeof id !== 'string') return [];
  const outputs = outputsOf(step, known);
  const matrix = 'matrix' in step && { matrix: matrixOf(step['matrix']) };
  return [
    {
      ...place,
      id,
      index,
      needs: strings(step['needs']),
      gates: gatesOf(step),
      mayBeSkipped: mayBeSkipped(step),
      ...(outputs && { outputs }),
      ...matrix,
    },
  ];
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

export const mayBeSkipped = (construct: RawMapping): boolean =>
  'when' in construct || construct['on-failure'] === 'continue' || continuesAfterGate(construct);

/** A breach cancels a step; with `{ health: continue }` the run continues without the step's outputs. */
const continuesAfterGate = ({ gates }: RawMapping): boolean =>
  Array.isArray(gates) && gates.some((entry: Json) => isMapping(entry) && Object.values(entry).includes('continue'));

/** Its axes, and the further values of its included combinations; `any` when its structure is wrong, which is reported. */
function matrixOf(matrix: Json | undefined): FieldTypes | 'any' {
  if (!isMapping(matrix) || !isMapping(matrix['axes'])) return 'any';
  const included = Array.isArray(matrix['include']) ? matrix['include'].flatMap((cell: Json) => names(cell)) : [];
  return Object.fromEntries([...names(matrix['axes']), ...included].map((name) => [name, 'any']));
}

function outputsOf({ approval, uses, outputs, pipeline }: RawMapping, { registry, subPipelines }: KnownTypes): FieldTypes | undefined {
  if (typeof pipeline === 'string') return subPipelines.get(pipeline)?.outputTypes;
  if (approval !== undefined) return approvalOutputs;
  if (typeof uses !== 'string') return Object.fromEntries(entriesOf(outputs).map(([name, type]) => [name, typeOf(type)]));
  const type = registry.steps.get(uses) ?? registry.composites.get(uses);
  return type && fieldTypesOf(type.outputs);
}

export const names = (value: Json | undefined): string[] => entriesOf(value).map(([name]) => name);
export const strings = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((item: Json) => typeof item === 'string') : [];
export const typeOf = (name: Json | undefined) => typeNames.find((known) => known === name) ?? 'any';
