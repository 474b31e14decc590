export { examples, parseInput } from '../expressions/input-value.ts';
export type { InputValue } from '../expressions/input-value.ts';
