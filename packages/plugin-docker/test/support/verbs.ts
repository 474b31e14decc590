import type { Probe, ProbeContext, Static, StepType, TSchema, UndoContext } from 'relpipe/plugin';

export const rollbackOf =
  <C extends TSchema, O extends TSchema, S extends TSchema>(step: StepType<C, O, S>) =>
  async (config: Static<C>, context: UndoContext<Static<S>, Static<O>>): Promise<void> => {
    if (step.undo !== 'automatic') throw new Error('it cannot be rolled back');
    return step.rollback(config, context);
  };

export const probeOf =
  <C extends TSchema, O extends TSchema, S extends TSchema>(step: StepType<C, O, S>) =>
  async (config: Static<C>, context: ProbeContext<Static<S>>): Promise<Probe<Static<O>>> => {
    if (step.onLost !== 'probe') throw new Error('it cannot be probed');
    return step.probe(config, context);
  };

export const teardownOf =
  <C extends TSchema, O extends TSchema, S extends TSchema>(step: StepType<C, O, S>) =>
  async (config: Static<C>, context: UndoContext<Static<S>, Static<O>>): Promise<void> => {
    if (!step.release) throw new Error('it has no teardown');
    return step.release.release(config, context);
  };
