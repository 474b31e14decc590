import { isAutomatic, type AutomaticRollbackContext, type Probe, type ProbeContext, type RollbackContext, type Static, type StepType, type TSchema } from 'relpipe/plugin';

/** The rollback of a step type that rolls back by itself. */
export const rollbackOf =
  <C extends TSchema, O extends TSchema, S extends TSchema>(step: StepType<C, O, S>) =>
  async (config: Static<C>, context: AutomaticRollbackContext<Static<S>, Static<O>>): Promise<void> => {
    if (!isAutomatic(step.rollback)) throw new Error('it cannot be rolled back');
    return step.rollback.run(config, context);
  };

/** The probe of a step type that has one. */
export const probeOf =
  <C extends TSchema, O extends TSchema, S extends TSchema>(step: StepType<C, O, S>) =>
  async (config: Static<C>, context: ProbeContext<Static<S>>): Promise<Probe<Static<O>>> => {
    if (step.onLost !== 'probe') throw new Error('it cannot be probed');
    return step.probe(config, context);
  };

/** The teardown of a step type that has one. */
export const teardownOf =
  <C extends TSchema, O extends TSchema, S extends TSchema>(step: StepType<C, O, S>) =>
  async (config: Static<C>, context: RollbackContext<Static<S>, Static<O>>): Promise<void> => {
    if (!step.teardown) throw new Error('it has no teardown');
    return step.teardown.run(config, context);
  };
