import type { Reporter, RunEvent } from './run-event.ts';

/**
 * Tells every reader every event. One that fails is told nothing more, and `complain` hears of it once; the run and the other
 * readers never notice.
 */
export function combineReporters(readers: readonly Reporter[], complain: (sentence: string) => void): Reporter {
  const failed = new Set<Reporter>();
  const fail = (reader: Reporter, error: unknown): void => {
    if (failed.has(reader)) return;
    failed.add(reader);
    complain(`A report stopped (${reasonOf(error)}); the run goes on.`);
  };
  const tell = (reader: Reporter, word: 'onEvent' | 'onHistory', event: RunEvent): void => {
    try {
      reader[word](event);
    } catch (error) {
      fail(reader, error);
    }
  };
  const end = async (reader: Reporter): Promise<void> => {
    try {
      await reader.close();
    } catch (error) {
      fail(reader, error);
    }
  };
  const tellAll = (word: 'onEvent' | 'onHistory', event: RunEvent): void => {
    for (const reader of readers) if (!failed.has(reader)) tell(reader, word, event);
  };
  return {
    onEvent: (event) => tellAll('onEvent', event),
    onHistory: (event) => tellAll('onHistory', event),
    async close() {
      await Promise.all(readers.map(end));
    },
  };
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
