import type { Json } from '../../contract/index.ts';
import type { RawMapping } from '../../load/raw-pipeline.ts';

export const isMapping = (value: Json | undefined): value is RawMapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
