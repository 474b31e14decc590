import { StepError } from 'relpipe/plugin';
import type { Exposition } from '../../exposition/exposition.ts';
import { selectorsOf, type Question } from '../question.ts';

/**
 * Growth of a gauge means nothing: each time it falls it would look like a restart.
 * @throws {StepError} `PROMETHEUS_NOT_A_COUNTER`
 */
export function requireCounters(question: Question, exposition: Exposition): void {
  if (question.kind === 'value') return;
  const gauge = selectorsOf(question).find(({ name }) => exposition.kinds.get(name) === 'gauge');
  if (!gauge) return;
  throw new StepError(
    'PROMETHEUS_NOT_A_COUNTER',
    `${gauge.name} is a gauge, and only counters have a ${question.kind}.`,
    { hint: `Use \`value: ${gauge.name}\`, or name a counter.` },
  );
}
