import type { Json } from '../../contract/index.ts';

/** Whether an output is worth a place: not null, and no empty list or object. */
export const saysSomething = (output: Json | undefined): output is Json =>
  output !== undefined && output !== null && (typeof output !== 'object' || Object.keys(output).length > 0);
