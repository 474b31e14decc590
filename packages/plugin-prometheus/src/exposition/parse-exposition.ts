import { ParseError } from '../text/scanner.ts';
import { seriesKey, type Exposition, type ExpositionFormat, type FamilyType, type Sample, type SampleKind } from './exposition.ts';
import { parseSample, type TimedSample } from './parse-sample.ts';
import { parseTypeLine, sampleKinds } from './parse-type-line.ts';

/**
 * Reads the Prometheus text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/) or OpenMetrics 1.0
 * (https://prometheus.io/docs/specs/om/open_metrics_spec/). A scrape with one malformed line is refused as a whole.
 * @throws {ExpositionError} naming the line.
 */
export function parseExposition(text: string, format: ExpositionFormat): Exposition {
  const parser = new ExpositionParser(format);
  const lines = text.replace(/\n$/, '').split('\n');
  lines.forEach((line, index) => {
    try {
      parser.take(line);
    } catch (error) {
      throw error instanceof ParseError ? new ExpositionError(index + 1, line, error.message) : error;
    }
  });
  if (format === 'openmetrics' && lines.at(-1) !== '# EOF') {
    throw new ExpositionError(lines.length, lines.at(-1) ?? '', 'OpenMetrics ends with `# EOF`, so the end is missing');
  }
  return parser.result();
}

class ExpositionParser {
  readonly #format: ExpositionFormat;
  readonly #families = new Map<string, FamilyType>();
  readonly #kinds = new Map<string, SampleKind>();
  readonly #samples = new Map<string, TimedSample>();
  #hasEnded = false;

  constructor(format: ExpositionFormat) {
    this.#format = format;
  }

  take(line: string): void {
    if (this.#hasEnded) throw new ParseError('nothing may follow `# EOF`', 0);
    if (/^[ \t]*$/.test(line)) return;
    if (/^[ \t]*#/.test(line)) this.#takeComment(line);
    else this.#takeSample(parseSample(line));
  }

  result(): Exposition {
    return { families: this.#families, kinds: this.#kinds, samples: [...this.#samples.values()].map(withoutTimestamp) };
  }

  #takeComment(line: string): void {
    if (this.#format === 'openmetrics' && line === '# EOF') this.#hasEnded = true;
    const declared = parseTypeLine(line);
    if (!declared) return;
    if (this.#families.has(declared.family)) throw new ParseError(`duplicate TYPE of ${declared.family}`, 0);
    this.#families.set(declared.family, declared.type);
    for (const [name, kind] of sampleKinds(declared.family, declared.type, this.#format)) this.#kinds.set(name, kind);
  }

  /** In OpenMetrics a series may have several points with different timestamps: the newest is its current value. */
  #takeSample(sample: TimedSample): void {
    const key = `${sample.name}{${seriesKey(sample.labels)}}`;
    const other = this.#samples.get(key)?.timestamp;
    if (this.#samples.has(key) && (other === undefined || sample.timestamp === undefined || other === sample.timestamp)) {
      throw new ParseError('duplicate series', 0);
    }
    if (other === undefined || Number(sample.timestamp) > other) this.#samples.set(key, sample);
  }
}

const withoutTimestamp = ({ name, labels, value }: TimedSample): Sample => ({ name, labels, value });

/** A scrape that does not follow its format; `line` counts from 1. */
export class ExpositionError extends Error {
  readonly line: number;

  constructor(line: number, text: string, what: string) {
    super(`Line ${line} is malformed: ${what}: ${shorten(text)}`);
    this.name = 'ExpositionError';
    this.line = line;
  }
}

const shorten = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);
