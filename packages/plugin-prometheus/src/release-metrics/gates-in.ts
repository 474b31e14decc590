import type { ReportedEvent } from 'relpipe/plugin';
import type { GateWatch } from './release.ts';

/** Every gate that was judged, at each step that it watched. */
export function gatesIn(events: readonly ReportedEvent[], seenAt: number): readonly GateWatch[] {
  const judged = events.filter((event) => event.type === 'gate-evaluated');
  const watches = Map.groupBy(judged, ({ step, gate }) => JSON.stringify([step, gate]));
  return [...watches.values()].flatMap((verdicts) => {
    const [first] = verdicts;
    if (!first) return [];
    const { step, gate } = first;
    const begin = events.find((event) => event.type === 'step-started' && event.step === step)?.at ?? first.at;
    const end = events.find((event) => event.type === 'step-ended' && event.step === step)?.at ?? seenAt;
    return [{ step, gate, seconds: (end - begin) / 1000, verdicts: countBy(verdicts.map(({ verdict }) => verdict)) }];
  });
}

const countBy = (words: readonly string[]): ReadonlyMap<string, number> =>
  new Map([...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length]));
