import type { Json } from '../contract/index.ts';
import type { FieldTypes } from '../expressions/scope.ts';
import { entriesOf, isMapping, type RawMapping, type RawPipeline } from '../load/raw-pipeline.ts';
import { defaultOnFailure } from '../model/defaults.ts';
import { type KnownTypes, mayBeSkipped, names, type StepSymbol, stepsIn, strings, typeOf } from './step-symbols.ts';

/** Every name that the file declares, however wrong the rest of it may be: references are checked against it. */
export interface Symbols {
  readonly inputs: FieldTypes;
  /** The options of inputs that are a choice. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
  /** The patterns of inputs that have one. */
  readonly patterns: Readonly<Record<string, string>>;
  readonly environments: readonly string[];
  readonly secrets: readonly string[];
  readonly gates: readonly string[];
  readonly windows: readonly string[];
  readonly groups: readonly string[];
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

export function symbolsOf({ root = {} }: RawPipeline, known: KnownTypes): Symbols {
  const stages = entries(root['stages']).map(([id, stage]) => {
    const steps = stepsIn(stage['steps'], { phase: 'main', stage: id, path: ['stages', id, 'steps'] }, known);
    const last = stepsIn(stage['finally'], { phase: 'finally', stage: id, path: ['stages', id, 'finally'] }, known);
    const settings = { 'on-failure': root['on-failure'] ?? defaultOnFailure, ...stage };
    return { symbol: stageSymbol(id, settings, steps), steps: [...steps, ...last] };
  });
  const last = stepsIn(root['finally'], { phase: 'finally', path: ['finally'] }, known);
  const inputs = entries(root['inputs']);
  return {
    inputs: Object.fromEntries(inputs.map(([name, input]) => [name, typeOf(input['type'])])),
    choices: Object.fromEntries(
      inputs.flatMap(([name, { type, options }]) => (type === 'choice' && Array.isArray(options) ? [[name, strings(options)]] : [])),
    ),
    patterns: Object.fromEntries(inputs.flatMap(([name, { pattern }]) => (typeof pattern === 'string' ? [[name, pattern]] : []))),
    environments: names(root['environments']),
    secrets: names(root['secrets']),
    gates: names(root['gates']),
    windows: names(root['windows']),
    groups: names(root['groups']),
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

const entries = (value: Json | undefined): [string, RawMapping][] =>
  entriesOf(value).map(([key, inner]) => [key, isMapping(inner) ? inner : {}]);
