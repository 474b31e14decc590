import type { Reading } from '../reading.ts';
import type { PipelineDeclaration } from '../read/read-pipeline-declaration.ts';

/** One thought about the whole pipeline. */
export type Rule = (pipeline: PipelineDeclaration, reading: Reading) => void;
