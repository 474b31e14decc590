import type { Json } from '../../contract/index.ts';
import { entriesOf, isMapping, type RawMapping } from '../../load/raw-pipeline.ts';
import { describe } from '../../schema/describe.ts';
import type { InputDeclaration, PipelineDeclaration } from '../valid-pipeline.ts';
import type { ValidationContext } from '../validation-context.ts';
import { checkWithinLimits, readLiteral } from './read-input.ts';

/** Presets of the inputs: each value is one that its input allows. */
export function readEnvironments(root: RawMapping, inputs: readonly InputDeclaration[], context: ValidationContext): PipelineDeclaration['environments'] {
  const environments = entriesOf(root['environments']).map(([name, values]) => {
    const path = ['environments', name];
    context.hasNameForm('environment', name, path);
    if (!isMapping(values)) {
      const details = { key: `"${name}"`, expected: 'a mapping of inputs to values, {} for none', found: describe(values), close: [] };
      context.report('REL_VALUE_UNEXPECTED', details, path);
    }
    return [name, Object.fromEntries(entriesOf(values).flatMap(([input, value]) => readPreset(input, value, name, inputs, context)))];
  });
  return Object.fromEntries(environments) as PipelineDeclaration['environments'];
}

function readPreset(name: string, value: Json, environment: string, inputs: readonly InputDeclaration[], context: ValidationContext): [string, Json][] {
  const path = ['environments', environment, name];
  const declared = Object.keys(context.symbols.inputs);
  if (!declared.includes(name)) context.reportUnknown('input', name, declared, context.raw.placeOfKey(path));
  const input = inputs.find((one) => one.name === name);
  if (!input) return [];
  const before = context.diagnostics.length;
  const read = readLiteral(value, input.type, path, context);
  if (context.diagnostics.length === before) checkWithinLimits(input, read, path, 'Change the value, or the limits of the input.', context);
  return [[name, read]];
}
