import { readFileSync } from 'node:fs';

/** The n-th complete pipeline of a README, counted from 0, with replacements, of which each has to be there. */
export function pipelineOfReadme(readme: string, n: number, instead: Readonly<Record<string, string>>): string {
  const pipeline = [...readFileSync(readme, 'utf8').matchAll(/```yaml\n(relpipe: 1\n.*?)```/gs)][n]?.[1];
  if (pipeline === undefined) throw new Error(`${readme} has no pipeline number ${n}.`);
  return Object.entries(instead).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The pipeline does not hold ${from}.`);
    return text.replaceAll(from, to);
  }, pipeline);
}
