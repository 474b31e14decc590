import type { NameTypes } from '../expressions/scope.ts';
import { isReachable } from '../util/graph.ts';
import type { StepSymbol } from './step-symbols.ts';
import type { Symbols } from './symbols.ts';

/** The names that expressions may use at one place of the file, and which of the steps are certain to have ended there. */
export interface NamesHere {
  readonly types: NameTypes;
  /** Why a step cannot be read here, as the end of "… cannot be read here: "; undefined when it can. */
  whyNot(step: string): string | undefined;
  mayBeSkipped(step: string): boolean;
}

/** For every place of a pipeline: which names exist there, and which steps are certain to have ended. */
export class NameScope {
  readonly #symbols: Symbols;
  readonly #types: NameTypes;
  readonly #byId: ReadonlyMap<string, StepSymbol>;

  constructor(symbols: Symbols) {
    this.#symbols = symbols;
    this.#byId = firstOfEach(symbols.steps);
    const steps = [...this.#byId.values()].map(({ id, outputs = {}, matrix }) => [
      id,
      { outputs, ...(matrix && { matrix: matrix === 'any' ? {} : matrix }) },
    ]);
    this.#types = {
      inputs: symbols.inputs,
      choices: symbols.choices,
      patterns: symbols.patterns,
      environments: symbols.environments,
      secrets: symbols.secrets,
      steps: Object.fromEntries(steps) as NameTypes['steps'],
    };
  }

  /** Whether the type of a step is unknown, so that nothing can be said about its outputs. */
  isOpaque(id: string): boolean {
    const step = this.#byId.get(id);
    return step !== undefined && step.outputs === undefined;
  }

  /** Only inputs and secrets: `because` completes "… cannot be read here: ". */
  withoutSteps(because: string): NamesHere {
    return { types: this.#types, whyNot: () => because, mayBeSkipped: () => false };
  }

  /** What is known when the plan is made. */
  whenPlanned(): NamesHere {
    const names = this.withoutSteps('it is decided before any step has run');
    return { ...names, types: { ...names.types, run: 'planned' } };
  }

  /** The default of an input, which may also ask the CI and the record of runs. */
  inDefaults(): NamesHere {
    const names = this.whenPlanned();
    return { ...names, types: { ...names.types, inDefaults: true } };
  }

  /** The condition of a stage: it can read the stages that this stage needs. */
  beforeStage(stage: string): NamesHere {
    return this.#names(this.#types, (read) => this.#whyNotBefore(read, stage));
  }

  /** The end of the run: everything has ended, and nothing is certain to have run. */
  atTheEnd(kind: 'finally' | 'outputs', index = 0): NamesHere {
    const types: NameTypes = kind === 'finally' ? { ...this.#types, run: 'ended' } : this.#types;
    const whyNot = (read: StepSymbol) => (isLaterSibling(read, 'finally', undefined, index) ? 'it comes later' : undefined);
    const names = this.#names(types, whyNot);
    return kind === 'outputs'
      ? names
      : { ...names, mayBeSkipped: (id) => this.#byId.get(id)?.phase !== 'finally' || names.mayBeSkipped(id) };
  }

  /** Inside a step of a stage. */
  inside(step: StepSymbol): NamesHere {
    const { stage, matrix = step.cell } = step;
    const types: NameTypes = {
      ...this.#types,
      ...(matrix && { matrix }),
      ...(step.phase === 'rollback' && { rolledBack: { saved: 'any', outputs: step.rolledBackOutputs ?? 'any' } }),
    };
    if (stage === undefined) return { ...this.atTheEnd('finally', step.index), types: { ...types, run: 'ended' } };
    const names = this.#names(
      types,
      (read) => (read.stage === stage ? this.#whyNotNear(read, step) : this.#whyNotBefore(read, stage)),
      stage,
    );
    if (step.phase !== 'finally') return names;
    return { ...names, mayBeSkipped: (id) => this.#byId.get(id)?.stage === stage || names.mayBeSkipped(id) };
  }

  /** `here`: the stage of the reader, which certainly runs. */
  #names(types: NameTypes, whyNot: (read: StepSymbol) => string | undefined, here?: string): NamesHere {
    return {
      types,
      whyNot: (id) => {
        const read = this.#byId.get(id);
        return read && whyNot(read);
      },
      mayBeSkipped: (id) => {
        const read = this.#byId.get(id);
        const stage = read?.stage === undefined ? undefined : this.#symbols.stages.get(read.stage);
        return read?.mayBeSkipped === true || (stage?.id === here ? stage?.continuesOnFailure : stage?.mayBeSkipped) === true;
      },
    };
  }

  #whyNotBefore(read: StepSymbol, stage: string): string | undefined {
    if (read.phase !== 'main') return `it belongs to a \`${read.phase}\``;
    if (read.stage === stage) return 'it has not started yet';
    if (read.stage !== undefined && this.#isNeeded(read.stage, stage)) return undefined;
    return `stage "${stage}" does not need stage "${read.stage ?? ''}"`;
  }

  #whyNotNear(read: StepSymbol, step: StepSymbol): string | undefined {
    if (read.id === step.id) return 'a step cannot read itself';
    if (read.phase === 'main' && step.phase === 'finally') return undefined;
    if (read.phase !== step.phase && !(read.phase === 'main' && step.phase === 'rollback')) return `it belongs to a \`${read.phase}\``;
    if (this.#symbols.stages.get(step.stage ?? '')?.isParallel === true && read.phase === 'main') {
      return this.#isNeededByStep(read.id, step.id) ? undefined : `it runs in parallel with step "${step.id}"`;
    }
    return read.index < step.index || step.phase === 'rollback' ? undefined : 'it comes later';
  }

  #isNeeded(stage: string, by: string): boolean {
    return isReachable(by, stage, (id) => this.#symbols.stages.get(id)?.needs ?? []);
  }

  #isNeededByStep(step: string, by: string): boolean {
    return isReachable(by, step, (id) => this.#byId.get(id)?.needs ?? []);
  }
}

function firstOfEach(steps: readonly StepSymbol[]): ReadonlyMap<string, StepSymbol> {
  const byId = new Map<string, StepSymbol>();
  for (const step of steps) if (!byId.has(step.id)) byId.set(step.id, step);
  return byId;
}

const isLaterSibling = (read: StepSymbol, phase: StepSymbol['phase'], stage: string | undefined, index: number): boolean =>
  read.phase === phase && read.stage === stage && read.index >= index;
