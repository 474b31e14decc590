import { approvalOutputs, type FieldTypes, type ScopeTypes, typeNames } from '../expressions/scope.ts';
import { runStepType } from '../model/built-in-types.ts';
import { fieldTypesOf } from '../schema/field-types.ts';
import { allSteps, type StepDeclaration, type ValidPipeline } from '../validate/valid-pipeline.ts';

/** The types of every input and output of a pipeline, for expressions in the run. */
export function scopeTypesOf(pipeline: ValidPipeline): ScopeTypes {
  const steps = allSteps(pipeline).map((step) => {
    const outputs = outputsOf(pipeline, step);
    return [step.id, step.matrix ? { outputs, matrix: axesOf(step.matrix) } : { outputs }] as const;
  });
  const patterns = pipeline.inputs.flatMap(({ name, pattern }) => (pattern === undefined ? [] : [[name, pattern] as const]));
  return {
    inputs: Object.fromEntries(pipeline.inputs.map(({ name, type }) => [name, type])),
    steps: Object.fromEntries(steps),
    secrets: pipeline.secrets.map(({ name }) => name),
    ...(patterns.length > 0 && { patterns: Object.fromEntries(patterns) }),
  };
}

function outputsOf({ registry }: ValidPipeline, { action }: StepDeclaration): FieldTypes {
  if (action.kind === 'composite') return fieldTypesOf(registry.composites.get(action.uses)?.outputs ?? {});
  if (action.kind === 'pipeline') return action.pipeline.outputTypes;
  if (action.kind === 'approval') return approvalOutputs;
  if (action.kind !== 'task') return {};
  return action.uses === runStepType ? declaredOutputs(action.with) : fieldTypesOf(registry.steps.get(action.uses)?.outputs ?? {});
}

/** A command declares its outputs in the file. */
function declaredOutputs(config: unknown): FieldTypes {
  const { outputs = {} } = config as { readonly outputs?: Readonly<Record<string, unknown>> };
  return Object.fromEntries(Object.entries(outputs).map(([name, type]) => [name, typeNames.find((known) => known === type) ?? 'any']));
}

const axesOf = ({ axes, include }: NonNullable<StepDeclaration['matrix']>): FieldTypes =>
  Object.fromEntries([...Object.keys(axes), ...include.flatMap(Object.keys)].map((axis) => [axis, 'any']));
