import { readFileSync } from 'node:fs';

/** The n-th complete pipeline of a README, counted from 0, with replacements. @throws when a text to replace is missing */
export function pipelineOfReadme(readme: string, n: number, instead: Readonly<Record<string, string>>): string {
  const pipeline = [...readFileSync(readme, 'utf8').matchAll(/```yaml\n(relpipe: 1\n.*?)```/gs)][n]?.[1];
  if (pipeline === undefined) throw new Error(`${readme} does not have a pipeline number ${n}.`);
  return Object.entries(instead).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The pipeline does not contain ${from}.`);
    return text.replaceAll(from, to);
  }, pipeline);
}
