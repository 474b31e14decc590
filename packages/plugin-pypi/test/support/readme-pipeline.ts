import { join } from 'node:path';
import { pipelineOfReadme } from '@relpipe/testing/readme-pipeline';

/** The n-th complete pipeline of the README, counted from 0, with replacements of which each has to be there. */
export const readmePipeline = (n: number, instead: Readonly<Record<string, string>>): string =>
  pipelineOfReadme(join(import.meta.dirname, '../../README.md'), n, instead);
