import type { Json } from '../../../contract/index.ts';
import type { Value } from '../../../expressions/value.ts';
import { entriesOf, type Path } from '../../../load/raw-pipeline.ts';
import { limitProblem } from '../../input-limits.ts';
import type { PipelineStepShape } from '../../shapes/step-shape.ts';
import type { InputDeclaration, StepDeclaration, ValidPipeline } from '../../valid-pipeline.ts';
import type { ValidationContext } from '../../validation-context.ts';
import { expectedOf, readLiteral } from '../read-input.ts';
import { readPrinted, readString } from '../read-string.ts';
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
  const hasPresets = Object.keys(pipeline.environments).length > 0;
  for (const input of pipeline.inputs) {
    if (!hasPresets && input.required && input.default === undefined && !Object.hasOwn(step.with ?? {}, input.name)) {
      context.report('REL_PIPELINE_INPUT_MISSING', { name: input.name, file: step.pipeline, subject: place.subject }, [...place.path, 'pipeline']);
    }
  }
  const environment = readEnvironment(step.environment, place, context);
  return { action: { kind: 'pipeline', pipeline, with: given, ...(environment !== undefined && { environment }) } };
}

/** Which presets a file uses is known before the run. */
function readEnvironment(written: string | undefined, { path, names }: StepPlace, context: ValidationContext): Value | undefined {
  const known: StepPlace['names'] = { ...names, whyNot: () => 'the environment of a file is known before the run' };
  return written === undefined ? undefined : (readPrinted(written, [...path, 'environment'], known, context) ?? written);
}

function readGiven(name: string, value: Json, { inputs }: ValidPipeline, { path, names }: StepPlace, context: ValidationContext): [string, Value][] {
  const at = [...path, 'with', name];
  const input = inputs.find((declared) => declared.name === name);
  if (!input) {
    context.reportUnknown('input', name, inputs.map((declared) => declared.name), context.raw.placeOfKey(at));
    return [];
  }
  if (typeof value === 'string' && value.includes('${{')) return [[name, readString(value, at, names, context, expectedOf(input.type)) ?? value]];
  return [[name, literalOf(value, input, at, context)]];
}

function literalOf(value: Json, input: InputDeclaration, at: Path, context: ValidationContext): Json {
  const before = context.diagnostics.length;
  const literal = readLiteral(value, input.type, at, context);
  const problem = context.diagnostics.length === before ? limitProblem(input, literal) : undefined;
  if (problem !== undefined) {
    const hint = 'The declaration of the input lists its limits and options.';
    context.report('REL_INPUT_INVALID', { name: input.name, text: typeof value === 'string' ? value : JSON.stringify(value), problem, hint }, at);
  }
  return literal;
}
