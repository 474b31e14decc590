import { isStepError, type Json } from '../contract/index.ts';
import { relpipeError } from '../errors/relpipe-error.ts';
import type { PlanStep } from '../plan/plan.ts';
import { readValues, type DeclaredOutputs } from '../builtin/command-values.ts';
import { readInputs } from './make-plan.ts';

/** What a person says that a step has given: every output that a command declares, of its type. Throws `REL_USAGE`. */
export async function readSettledOutput(step: PlanStep, given: readonly string[]): Promise<Readonly<Record<string, Json>>> {
  const values = readInputs(given);
  const declared = declaredOf(step);
  if (declared === undefined) return values;
  insistOnNames(Object.keys(declared), Object.keys(values));
  try {
    return await readValues(declared, values);
  } catch (error) {
    throw isStepError(error) ? refused(error.message) : error;
  }
}

function declaredOf({ act }: PlanStep): DeclaredOutputs | undefined {
  if (act.act !== 'task' || act.uses !== 'relpipe.run') return undefined;
  return (act.with as { readonly outputs?: DeclaredOutputs }).outputs ?? {};
}

function insistOnNames(declared: readonly string[], given: readonly string[]): void {
  const missing = declared.filter((name) => !given.includes(name));
  if (missing.length > 0) throw refused(`Others read what the step gives; say also: ${missing.map((name) => `--output ${name}=…`).join(' ')}`);
  const stranger = given.find((name) => !declared.includes(name));
  if (stranger !== undefined) throw refused(`The step has no output "${stranger}"${declared.length > 0 ? `, only ${declared.join(', ')}` : ''}.`);
}

const refused = (because: string) => relpipeError('REL_USAGE', { because, command: 'settle' });
