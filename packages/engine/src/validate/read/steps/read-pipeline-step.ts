import type { Json } from '../../../contract/index.ts';
import type { Value } from '../../../expressions/value.ts';
import { entriesOf, type Path } from '../../../load/raw-pipeline.ts';
import { limitProblem } from '../../input-limits.ts';
import type { PipelineStepShape } from '../../shapes/step-shape.ts';
import type { InputDeclaration, StepDeclaration, ValidPipeline } from '../../valid-pipeline.ts';
import type { ValidationContext } from '../../validation-context.ts';
import { readLiteral } from '../read-input.ts';
import { readString } from '../read-string.ts';
import type { StepPlace } from './step-place.ts';

/** Another pipeline file, which was checked before; undefined where that found mistakes. Its inputs are under `with`. */
export function readPipelineStep(
  step: PipelineStepShape,
  place: StepPlace,
  context: ValidationContext,
): Pick<StepDeclaration, 'action'> | undefined {
  const pipeline = context.subPipelines.get(step.pipeline);
  if (!pipeline) return undefined;
  const given = Object.fromEntries(
    entriesOf((step.with ?? {}) as Json).flatMap(([name, value]) => readGiven(name, value, pipeline, place, context)),
  );
  for (const input of pipeline.inputs) {
    if (input.required && input.default === undefined && !Object.hasOwn(step.with ?? {}, input.name)) {
      context.report('REL_PIPELINE_INPUT_MISSING', { name: input.name, file: step.pipeline, subject: place.subject }, [...place.path, 'pipeline']);
    }
  }
  return { action: { kind: 'pipeline', pipeline, with: given } };
}

function readGiven(name: string, value: Json, { inputs }: ValidPipeline, { path, names }: StepPlace, context: ValidationContext): [string, Value][] {
  const at = [...path, 'with', name];
  const input = inputs.find((declared) => declared.name === name);
  if (!input) {
    context.reportUnknown('input', name, inputs.map((declared) => declared.name), context.raw.placeOfKey(at));
    return [];
  }
  if (typeof value === 'string' && value.includes('${{')) return [[name, readString(value, at, names, context, input.type) ?? value]];
  return [[name, literalOf(value, input, at, context)]];
}

function literalOf(value: Json, input: InputDeclaration, at: Path, context: ValidationContext): Json {
  const before = context.diagnostics.length;
  const literal = readLiteral(value, input, at, context);
  const problem = context.diagnostics.length === before ? limitProblem(input, literal) : undefined;
  if (problem !== undefined) {
    const hint = 'The declaration of the input lists its limits and options.';
    context.report('REL_INPUT_INVALID', { name: input.name, text: typeof value === 'string' ? value : JSON.stringify(value), problem, hint }, at);
  }
  return literal;
}
