import type { NameTypes } from '../expressions/scope.ts';
import { reachable } from '../util/reachable.ts';
import type { NamesAt } from './names-at.ts';
import type { Outline, OutlinedStep } from './outline.ts';

/** Answers for every place of a pipeline which names exist there and which steps have surely settled. */
export class Settled {
  readonly #outline: Outline;
  readonly #types: NameTypes;
  readonly #byId: ReadonlyMap<string, OutlinedStep>;

  constructor(outline: Outline) {
    this.#outline = outline;
    this.#byId = firstOfEach(outline.steps);
    const steps = [...this.#byId.values()].map(({ id, outputs = {}, matrix }) => [id, { outputs, ...(matrix && { matrix: matrix === 'any' ? {} : matrix }) }]);
    this.#types = { inputs: outline.inputs, choices: outline.choices, secrets: outline.secrets, steps: Object.fromEntries(steps) as NameTypes['steps'] };
  }

  /** A step whose type is not known: nothing can be said about what is read from it. */
  isOpaque(id: string): boolean {
    const step = this.#byId.get(id);
    return step !== undefined && step.outputs === undefined;
  }

  /** Only inputs and secrets: `because` completes "… cannot be read here: ". */
  withoutSteps(because: string): NamesAt {
    return { types: this.#types, whyNot: () => because, mayBeSkipped: () => false };
  }

  /** The condition of a stage: what the stages it needs have given. */
  beforeStage(stage: string): NamesAt {
    return this.#names(this.#types, (read) => this.#whyNotBefore(read, stage));
  }

  /** The end of the run: everything has settled, and nothing is sure to have happened. */
  atTheEnd(kind: 'finally' | 'outputs', index = 0): NamesAt {
    const types: NameTypes = kind === 'finally' ? { ...this.#types, run: 'ended' } : this.#types;
    const whyNot = (read: OutlinedStep) => (isLaterSibling(read, 'finally', undefined, index) ? 'it comes later' : undefined);
    const names = this.#names(types, whyNot);
    return kind === 'outputs' ? names : { ...names, mayBeSkipped: (id) => this.#byId.get(id)?.phase !== 'finally' || names.mayBeSkipped(id) };
  }

  /** Inside a step of a stage. */
  inside(step: OutlinedStep): NamesAt {
    const { stage, matrix = step.cell } = step;
    const types: NameTypes = {
      ...this.#types,
      ...(matrix && { matrix }),
      ...(step.phase === 'rollback' && { rolledBack: { saved: 'any', outputs: step.undoneOutputs ?? 'any' } }),
    };
    if (stage === undefined) return this.atTheEnd('finally', step.index);
    const names = this.#names(types, (read) => (read.stage === stage ? this.#whyNotNear(read, step) : this.#whyNotBefore(read, stage)), stage);
    if (step.phase !== 'finally') return names;
    return { ...names, mayBeSkipped: (id) => this.#byId.get(id)?.stage === stage || names.mayBeSkipped(id) };
  }

  /** `here`: the stage in which is read. That it runs at all is sure there. */
  #names(types: NameTypes, whyNot: (read: OutlinedStep) => string | undefined, here?: string): NamesAt {
    return {
      types,
      whyNot: (id) => {
        const read = this.#byId.get(id);
        return read && whyNot(read);
      },
      mayBeSkipped: (id) => {
        const read = this.#byId.get(id);
        const stage = read?.stage === undefined ? undefined : this.#outline.stages.get(read.stage);
        return read?.mayBeSkipped === true || (stage?.id === here ? stage?.goesOn : stage?.mayBeSkipped) === true;
      },
    };
  }

  #whyNotBefore(read: OutlinedStep, stage: string): string | undefined {
    if (read.phase !== 'main') return `it belongs to a \`${read.phase}\``;
    if (read.stage === stage) return 'it has not begun yet';
    if (read.stage !== undefined && this.#stagesBefore(stage).has(read.stage)) return undefined;
    return `stage "${stage}" does not need stage "${read.stage ?? ''}"`;
  }

  #whyNotNear(read: OutlinedStep, step: OutlinedStep): string | undefined {
    if (read.id === step.id) return 'a step cannot read itself';
    if (read.phase === 'main' && step.phase === 'finally') return undefined;
    if (read.phase !== step.phase && !(read.phase === 'main' && step.phase === 'rollback')) return `it belongs to a \`${read.phase}\``;
    if (this.#outline.stages.get(step.stage ?? '')?.isParallel === true && read.phase === 'main') {
      return this.#needsOf(step).has(read.id) ? undefined : `it runs beside step "${step.id}"`;
    }
    return read.index < step.index || step.phase === 'rollback' ? undefined : 'it comes later';
  }

  #stagesBefore(stage: string): ReadonlySet<string> {
    return reachable(stage, (id) => this.#outline.stages.get(id)?.needs ?? []);
  }

  #needsOf(step: OutlinedStep): ReadonlySet<string> {
    return reachable(step.id, (id) => this.#byId.get(id)?.needs ?? []);
  }
}

function firstOfEach(steps: readonly OutlinedStep[]): ReadonlyMap<string, OutlinedStep> {
  const byId = new Map<string, OutlinedStep>();
  for (const step of steps) if (!byId.has(step.id)) byId.set(step.id, step);
  return byId;
}

const isLaterSibling = (read: OutlinedStep, phase: OutlinedStep['phase'], stage: string | undefined, index: number): boolean =>
  read.phase === phase && read.stage === stage && read.index >= index;

/** Everything that can be reached, the start itself left out. */
