import { StepError, Type, type ReadContext, type Static, type TSchema } from 'relpipe/plugin';
import { busyHint, fetchAnswer, isTransient } from 'relpipe/plugin/toolkit';
import { Check } from 'typebox/schema';
import type { RequestsSettings } from './settings.ts';

/**
 * Counts the requests of each side from the first scrape after `start`. Each scraped target has a window of its own, the same for all of
 * its series, so that no side is counted for longer than the other one.
 */
export class RequestCounter {
  readonly #settings: RequestsSettings;
  readonly #context: ReadContext;
  /** Seconds, by the clock of Prometheus. */
  #since: number | undefined;
  /** When the window of a target starts. */
  readonly #starts = new Map<string, number>();
  /** The value of a series at that time. */
  readonly #bases = new Map<string, number>();

  constructor(settings: RequestsSettings, context: ReadContext) {
    this.#settings = settings;
    this.#context = context;
  }

  async start(): Promise<void> {
    this.#starts.clear();
    this.#bases.clear();
    this.#since = await readServerTime(this.#settings, this.#context);
  }

  /** Requests by the values of the label; none until a target was scraped twice. */
  async count(): Promise<Readonly<Record<string, number>>> {
    if (this.#since === undefined) await this.start();
    const all = await readSamples(this.#settings, this.#context);
    for (const series of all) this.#mark(series, this.#since ?? 0);
    const counts: Record<string, number> = {};
    for (const series of all) {
      const side = series.labels[this.#settings.label] ?? '';
      counts[side] = (counts[side] ?? 0) + this.#growthOf(series);
    }
    return counts;
  }

  #mark({ labels, samples }: Series, since: number): void {
    const first = samples.find(([at]) => at >= since)?.[0];
    const known = this.#starts.get(targetOf(labels));
    if (first !== undefined && (known === undefined || first < known)) this.#starts.set(targetOf(labels), first);
  }

  /** A series that appears later started at 0; a value that has fallen was reset. */
  #growthOf({ labels, samples }: Series): number {
    const start = this.#starts.get(targetOf(labels));
    if (start === undefined) return 0;
    const key = JSON.stringify(labels);
    const base = this.#bases.get(key) ?? samples.find(([at]) => at === start)?.[1] ?? 0;
    this.#bases.set(key, base);
    const last = samples.findLast(([at]) => at >= start)?.[1] ?? base;
    return last >= base ? last - base : last;
  }
}

/** Identifies what is scraped together. */
const targetOf = ({ job = '', instance = '', pod = '' }: Readonly<Record<string, string>>): string => JSON.stringify([job, instance, pod]);

/** A counter as it was scraped. */
interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds since the epoch and value, the oldest first. */
  readonly samples: readonly (readonly [number, number])[];
}

/** The last minutes of every series of the counter, as scraped: nothing is interpolated. */
async function readSamples(settings: RequestsSettings, context: ReadContext): Promise<readonly Series[]> {
  const { result } = await query(settings, `${settings.counter}[${windowText}]`, matrixSchema, context);
  return result.map(({ metric, values }) => ({ labels: metric, samples: values.map(([at, value]) => [at, Number(value)] as const) }));
}

/** The server's clock, in seconds: the clock of this machine may differ. */
async function readServerTime(settings: RequestsSettings, context: ReadContext): Promise<number> {
  const { result } = await query(settings, 'time()', scalarSchema, context);
  return Number(result[1]);
}

/** Longer than any usual scrape interval, and longer than a share is measured. */
const windowText = '5m';

const sample = Type.Tuple([Type.Number(), Type.String()]);
const matrixSchema = Type.Object({
  resultType: Type.Literal('matrix'),
  result: Type.Array(Type.Object({ metric: Type.Record(Type.String(), Type.String()), values: Type.Array(sample) })),
});
const scalarSchema = Type.Object({ resultType: Type.Literal('scalar'), result: sample });

/** Source: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries */
async function query<Data extends TSchema>(
  { prometheus, token }: RequestsSettings,
  expression: string,
  data: Data,
  context: ReadContext,
): Promise<Static<Data>> {
  const url = `${prometheus.replace(/\/+$/, '')}/api/v1/query?${new URLSearchParams({ query: expression }).toString()}`;
  const headers = token && { authorization: `Bearer ${token.reveal()}` };
  const unreachable = (why: string, cause: unknown) => unreadable(prometheus, why, { hint: counterHint, retryable: true, cause });
  const { status, json, retryAfterMs } = await fetchAnswer(url, { ...(headers && { headers }), timeoutMs: 10_000, unreachable }, context);
  const { data: found, error } = Check(replySchema, json) ? json : {};
  if (!Check(data, found)) {
    const hint = retryAfterMs === undefined ? counterHint : busyHint({ retryAfterMs });
    throw unreadable(prometheus, error ?? `it answers ${status}`, { hint, retryable: isTransient(status) });
  }
  return found;
}

const replySchema = Type.Object({ data: Type.Optional(Type.Unknown()), error: Type.Optional(Type.String()) });

const counterHint = 'Try the counter in the web interface of Prometheus, or leave out `requests`: then the share is not measured.';

const unreadable = (server: string, because: string, details: { readonly hint: string; readonly retryable: boolean; readonly cause?: unknown }) =>
  new StepError('KUBERNETES_REQUESTS_UNREADABLE', `The requests cannot be read from ${server}: ${because}.`, details);
