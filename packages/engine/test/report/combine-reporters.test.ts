import { describe, expect, test } from 'vitest';
import { combineReporters } from '../../src/report/combine-reporters.ts';
import { jsonLinesReporter } from '../../src/report/json-lines-reporter.ts';
import type { Reporter } from '../../src/report/events/run-event.ts';
import { BrokenStream, MemoryStream } from './fixtures/memory-stream.ts';
import { rolledBackRun } from './fixtures/rolled-back-run.ts';

const { events } = rolledBackRun();

const failing = (changes: Partial<Reporter>): Reporter => ({
  onEvent: () => undefined,
  onHistory: () => undefined,
  close: async () => undefined,
  ...changes,
});

const explode = (): never => {
  throw new Error('boom');
};

describe('combined reporters', () => {
  test('combined reporters hand every event to every reader, as JSON lines that read back the same', async () => {
    const [one, two] = [new MemoryStream(), new MemoryStream()];
    const all = combineReporters([jsonLinesReporter(one), jsonLinesReporter(two)], explode);
    for (const event of events) all.onEvent(event);
    await all.close();
    expect(one.lines.map((line) => JSON.parse(line) as unknown)).toEqual(events);
    expect(two.text).toBe(one.text);
  });

  test('combined reporters continue without a reader that throws, and complain once', async () => {
    const complaints: string[] = [];
    const out = new MemoryStream();
    const all = combineReporters([failing({ onEvent: explode, close: explode }), jsonLinesReporter(out)], (text) => complaints.push(text));
    for (const event of events) all.onEvent(event);
    await all.close();
    expect(out.lines).toHaveLength(events.length);
    expect(complaints).toEqual(['A report failed (boom); the run continues.']);
  });

  test('combined reporters complain once when a pipe is closed by its reader', async () => {
    const complaints: string[] = [];
    const all = combineReporters([jsonLinesReporter(new BrokenStream())], (text) => complaints.push(text));
    for (const event of events) {
      all.onEvent(event);
      await Promise.resolve();
    }
    await all.close();
    expect(complaints).toEqual(['A report failed (write EPIPE); the run continues.']);
  });

  test('combined reporters complain when a report cannot be completed', async () => {
    const complaints: string[] = [];
    await combineReporters([failing({ close: () => Promise.reject(new Error('disk full')) })], (text) => complaints.push(text)).close();
    expect(complaints).toEqual(['A report failed (disk full); the run continues.']);
  });
});
