import { ParseError } from '../text/parse-error.ts';
import type { Exposition, ExpositionFormat, FamilyType, Sample, SampleKind } from './exposition.ts';
import { ExpositionError } from './exposition-error.ts';
import { parseSample, type TimedSample } from './parse-sample.ts';
import { parseTypeLine } from './parse-type-line.ts';
import { sampleKinds } from './sample-kinds.ts';
import { seriesKey } from './series-key.ts';

/**
 * Reads the Prometheus text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/) or OpenMetrics 1.0
 * (https://prometheus.io/docs/specs/om/open_metrics_spec/). A scrape is right as a whole or refused as a whole.
 * @throws {ExpositionError} naming the line.
 */
export function parseExposition(text: string, format: ExpositionFormat): Exposition {
  const reading = new Reading(format);
  const lines = text.replace(/\n$/, '').split('\n');
  lines.forEach((line, index) => {
    try {
      reading.take(line);
    } catch (error) {
      throw error instanceof ParseError ? new ExpositionError(index + 1, line, error.message) : error;
    }
  });
  if (format === 'openmetrics' && lines.at(-1) !== '# EOF') {
    throw new ExpositionError(lines.length, lines.at(-1) ?? '', 'OpenMetrics ends with `# EOF`, so the end is missing');
  }
  return reading.result();
}

class Reading {
  private readonly format: ExpositionFormat;
  private readonly families = new Map<string, FamilyType>();
  private readonly kinds = new Map<string, SampleKind>();
  private readonly samples = new Map<string, TimedSample>();
  private isOver = false;

  constructor(format: ExpositionFormat) {
    this.format = format;
  }

  take(line: string): void {
    if (this.isOver) throw new ParseError('nothing may follow `# EOF`', 0);
    if (/^[ \t]*$/.test(line)) return;
    if (/^[ \t]*#/.test(line)) this.takeComment(line);
    else this.takeSample(parseSample(line));
  }

  result(): Exposition {
    return { families: this.families, kinds: this.kinds, samples: [...this.samples.values()].map(withoutTimestamp) };
  }

  private takeComment(line: string): void {
    if (this.format === 'openmetrics' && line === '# EOF') this.isOver = true;
    const declared = parseTypeLine(line);
    if (!declared) return;
    if (this.families.has(declared.family)) throw new ParseError(`the type of ${declared.family} stands twice`, 0);
    this.families.set(declared.family, declared.type);
    for (const [name, kind] of sampleKinds(declared.family, declared.type, this.format)) this.kinds.set(name, kind);
  }

  /** OpenMetrics lets a series have several points, told apart by their times: the newest is its value now. */
  private takeSample(sample: TimedSample): void {
    const key = `${sample.name}{${seriesKey(sample.labels)}}`;
    const other = this.samples.get(key)?.timestamp;
    if (
      this.samples.has(key) &&
      (other === undefined || sample.timestamp === undefined || other === sample.timestamp)
    ) {
      throw new ParseError('this series stands twice', 0);
    }
    if (other === undefined || Number(sample.timestamp) > other) this.samples.set(key, sample);
  }
}

const withoutTimestamp = ({ name, labels, value }: TimedSample): Sample => ({ name, labels, value });
