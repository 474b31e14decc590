import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipelineOfReadme } from '@relpipe/testing/readme-pipeline';

export interface SampleProject {
  readonly project: string;
  readonly module: string;
  readonly version: string;
}

interface Sample {
  readonly project?: string;
  readonly version?: string;
  /** Text of the one module. */
  readonly code?: string;
}

/** A tiny project with a console script, under a name that nobody else uses. */
export function sampleProject(folder: string, { project = `relpipe-${randomBytes(4).toString('hex')}`, version = '1.4.0', code }: Sample = {}): SampleProject {
  const module = project.replaceAll('-', '_');
  mkdirSync(join(folder, module), { recursive: true });
  writeFileSync(join(folder, module, '__init__.py'), code ?? `"""For tests."""\n__version__ = "${version}"\n\ndef main():\n    print("hello")\n`);
  writeFileSync(
    join(folder, 'pyproject.toml'),
    `[build-system]
requires = ["flit_core"]
build-backend = "flit_core.buildapi"

[project]
name = "${project}"
version = "${version}"
description = "For tests."
requires-python = ">=3.9"

[project.scripts]
${project} = "${module}:main"
`,
  );
  return { project, module, version };
}

/** The n-th complete pipeline of the README, counted from 0, with replacements of which each has to be there. */
export const readmePipeline = (n: number, instead: Readonly<Record<string, string>>): string =>
  pipelineOfReadme(join(import.meta.dirname, '../../README.md'), n, instead);
