import { type Name, namesIn } from '../expressions/names-in.ts';
import { isExpression, isTemplate, type Value } from '../expressions/value.ts';

/** Every name that a default reads; none where it is a literal. */
export function namesInDefault(written: Value | undefined): readonly Name[] {
  if (written === undefined) return [];
  if (isExpression(written)) return namesIn(written.$expr);
  return isTemplate(written) ? written.$text.flatMap((part) => (typeof part === 'string' ? [] : namesIn(part.$expr))) : [];
}

/** The other inputs that a default reads. */
export const inputsReadBy = (written: Value | undefined): readonly string[] => [
  ...new Set(namesInDefault(written).flatMap(({ root, segments: [input] }) => (root === 'inputs' && input ? [input.name] : []))),
];

/** What is written in `history("…")[0]`, and how many runs of it are needed for that. */
export const historiesReadBy = (written: Value | undefined): readonly { readonly asked: string; readonly count: number }[] =>
  namesInDefault(written).flatMap(({ root, segments: [pipeline, index] }) =>
    root === 'history' && pipeline ? [{ asked: pipeline.name, count: Number(index?.name ?? 0) + 1 }] : [],
  );
