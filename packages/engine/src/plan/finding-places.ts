import type { Finding } from '../contract/index.ts';
import type { Place } from '../errors/diagnostic.ts';
import type { StepDeclaration, ValidPipeline } from '../validate/valid-pipeline.ts';
import { pipelineAround } from './dag.ts';
import { keyIn } from './plan-draft.ts';
import type { GroupKey, Plan, StepKey } from './plan.ts';

/**
 * Finds the place in the file of a step of the plan. The cell of a matrix and the child of a composite have the place of their step. A
 * finding about the step as a whole is placed at its type, because `with` starts at whatever setting happens to come first.
 */
export function placesOf(pipeline: ValidPipeline, plan: Pick<Plan, 'pipelines'>): (key: StepKey, at: Finding['at']) => Place | undefined {
  const declarationOf = declarationsOf(pipeline, plan);
  return (key, at = []) => {
    const step = declarationOf(key);
    return step?.placeOf(at.length === 0 || step.action.kind === 'composite' ? ['uses'] : ['with', ...at]);
  };
}

/** Finds the step of a file that a step of the plan is from. */
export function declarationsOf(pipeline: ValidPipeline, plan: Pick<Plan, 'pipelines'>): (key: StepKey) => StepDeclaration | undefined {
  const files = filesOf(pipeline, plan);
  return (key) => nearest(files.get(pipelineAround(plan, key) ?? '')?.steps, key);
}

interface PlannedFile {
  readonly pipeline: ValidPipeline;
  readonly steps: ReadonlyMap<StepKey, StepDeclaration>;
}

/** The files of a plan: its own under '', and each other one under the key of its sub-pipeline. */
export function filesOf(pipeline: ValidPipeline, plan: Pick<Plan, 'pipelines'>): ReadonlyMap<GroupKey, PlannedFile> {
  const files = new Map<GroupKey, PlannedFile>([['', { pipeline, steps: new Map(keyedSteps(pipeline, '')) }]]);
  const outermostFirst = Object.keys(plan.pipelines ?? {}).sort((a, b) => a.length - b.length);
  for (const key of outermostFirst) {
    const action = nearest(files.get(pipelineAround(plan, key) ?? '')?.steps, key)?.action;
    if (action?.kind === 'pipeline') files.set(key, { pipeline: action.pipeline, steps: new Map(keyedSteps(action.pipeline, key)) });
  }
  return files;
}

function keyedSteps({ stages, finally: last }: ValidPipeline, key: GroupKey): readonly (readonly [StepKey, StepDeclaration])[] {
  const keyOf = (name: string): string => keyIn({ key }, name);
  const under = (group: string, steps: readonly StepDeclaration[]) => steps.map((step) => [`${group}/${step.id}`, step] as const);
  return [
    ...stages.flatMap((stage) => [...under(keyOf(stage.id), stage.steps), ...under(keyOf(`${stage.id}/finally`), stage.finally)]),
    ...under(keyOf('finally'), last),
  ];
}

function nearest(declared: ReadonlyMap<StepKey, StepDeclaration> = new Map(), key: StepKey): StepDeclaration | undefined {
  for (let prefix = key; prefix !== ''; prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf('/')))) {
    const step = declared.get(prefix);
    if (step) return step;
  }
  return undefined;
}
