import { diagnose } from '../errors/diagnostic.ts';
import type { Concurrency } from '../model/concurrency.ts';
import type { Value } from '../expressions/value.ts';
import type { ConcurrencyDeclaration } from '../validate/valid-pipeline.ts';
import { evaluateKnown } from './evaluate-known.ts';
import type { PlanDraft } from './plan-draft.ts';
import type { Group } from './plan.ts';

/** The group of runs of the whole file: the one that it names, or that of its name where neither it nor a stage says anything. */
export function concurrencyOfFile(draft: PlanDraft): Pick<Group, 'concurrency'> {
  const { concurrency, stages } = draft.pipeline;
  if (concurrency === 'none') return {};
  if (concurrency !== undefined) return planConcurrency(draft, concurrency);
  return stages.some((stage) => typeof stage.concurrency === 'object') ? {} : { concurrency: { group: defaultGroup(draft), onConflict: 'fail' } };
}

/** The group of runs that a file or a stage names. */
export function planConcurrency(draft: PlanDraft, declared: ConcurrencyDeclaration | undefined): Pick<Group, 'concurrency'> {
  if (declared === undefined) return {};
  if (declared === 'none') return { concurrency: declared };
  const { group, onConflict = 'fail' } = declared;
  return { concurrency: { group: group === undefined ? defaultGroup(draft) : nameOf(draft, group, declared), onConflict } };
}

/** The name of the pipeline, and in an environment also of that. */
const defaultGroup = ({ pipeline: { name }, environment }: PlanDraft): string => (environment === undefined ? name : `${name}/${environment}`);

type Named = Exclude<ConcurrencyDeclaration, 'none'>;

function nameOf(draft: PlanDraft, group: Value, { at }: Named): Concurrency['group'] {
  const name = evaluateKnown(group, { draft, placeOf: () => at });
  if (typeof name === 'string' && name.trim() !== '') return name;
  draft.findings.push(diagnose('REL_CONCURRENCY_GROUP_UNKNOWN', { isEmpty: typeof name === 'string' }, at));
  return '';
}
