import type { ReadContext } from 'relpipe/plugin';

export function logLines(text: string, { log }: Pick<ReadContext, 'log'>): void {
  for (const line of text.split('\n')) if (line.trim() !== '') log(line);
}
