import type { Value } from '../expressions/value.ts';
import type { Machine } from '../model/machine.ts';
import { evaluateKnown, type KnownContext } from './evaluate-known.ts';
import type { Act } from './act.ts';
import type { PlanStep } from './plan.ts';

/** The requirements of a stage or step, in addition to those around it; for the same name, its own counts. */
export function machineOf(around: Machine, own: Readonly<Record<string, Value>> | undefined, context: KnownContext): Machine {
  return own === undefined ? around : { ...around, ...(evaluateKnown(own, context, ['runs-on']) as Machine) };
}

/** Only tasks are executed on a machine. */
export const taskMachine = ({ act }: Act, runsOn: Machine): Pick<PlanStep, 'runsOn'> => (act === 'task' && Object.keys(runsOn).length > 0 ? { runsOn } : {});
