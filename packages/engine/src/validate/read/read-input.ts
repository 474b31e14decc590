import type { Json, QuantityKind } from '../../contract/index.ts';
import { quantityKinds } from '../../expressions/quantity.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { Reading } from '../reading.ts';
import { inputShape, type InputShape } from '../shapes/pipeline-shape.ts';
import type { InputDeclaration } from '../valid-pipeline.ts';

export function readInput(name: string, input: Json, reading: Reading): InputDeclaration[] {
  const path = ['inputs', name];
  const hasName = reading.hasNameForm('name', name, path);
  if (!reading.fits(inputShape, input, path, `input "${name}"`) || !hasName) return [];
  checkOptions(input, name, path, reading);
  const literals = Object.fromEntries(
    (['default', 'min', 'max'] as const).flatMap((key) => {
      const written = input[key];
      return written === undefined ? [] : [[key, readLiteral(written as Json, input, [...path, key], reading)]];
    }),
  );
  return [
    {
      name,
      type: input.type,
      required: input.required ?? input.default === undefined,
      ...literals,
      ...(input.options && { options: input.options }),
      ...(input.description !== undefined && { description: input.description }),
      at: reading.raw.placeOfKey(path),
    },
  ];
}

function checkOptions({ type, options }: InputShape, name: string, path: Path, reading: Reading): void {
  if (type === 'choice' && !options) reading.report('REL_KEY_MISSING', { key: 'options', where: `input "${name}"` }, path);
  if (type !== 'choice' && options) {
    reading.report('REL_KEY_MISPLACED', { key: 'options', where: `input "${name}"`, belongs: 'inputs of the type choice' }, [...path, 'options']);
  }
}

const isQuantity = (type: string): type is QuantityKind => quantityKinds.some((kind) => kind === type);

function readLiteral(value: Json, { type }: InputShape, path: Path, reading: Reading): Json {
  if (!isQuantity(type)) return value;
  return value;
}
