import { StepError, Type, type ReadContext, type Static, type TSchema } from 'relpipe/plugin';
import { fetchAnswer, isTransient } from 'relpipe/plugin/toolkit';
import { Check } from 'typebox/schema';
import type { RequestsSettings } from './requests-settings.ts';

/** A counter as it was scraped. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds since the epoch and value, the oldest first. */
  readonly samples: readonly (readonly [number, number])[];
}

/** The last minutes of every series of the counter, as scraped: nothing is interpolated. */
export async function readSamples(settings: RequestsSettings, context: ReadContext): Promise<readonly Series[]> {
  const { result } = await query(settings, `${settings.counter}[${windowText}]`, matrixSchema, context);
  return result.map(({ metric, values }) => ({ labels: metric, samples: values.map(([at, value]) => [at, Number(value)] as const) }));
}

/** What the server's clock says, in seconds: that of this machine may differ. */
export async function readServerTime(settings: RequestsSettings, context: ReadContext): Promise<number> {
  const { result } = await query(settings, 'time()', scalarSchema, context);
  return Number(result[1]);
}

/** Longer than any scrape interval in use, and than a share is measured. */
const windowText = '5m';

const sample = Type.Tuple([Type.Number(), Type.String()]);
const matrixSchema = Type.Object({
  resultType: Type.Literal('matrix'),
  result: Type.Array(Type.Object({ metric: Type.Record(Type.String(), Type.String()), values: Type.Array(sample) })),
});
const scalarSchema = Type.Object({ resultType: Type.Literal('scalar'), result: sample });

/** Source: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries */
async function query<Data extends TSchema>({ prometheus, token }: RequestsSettings, expression: string, data: Data, context: ReadContext): Promise<Static<Data>> {
  const url = `${prometheus.replace(/\/+$/, '')}/api/v1/query?${new URLSearchParams({ query: expression }).toString()}`;
  const headers = token && { authorization: `Bearer ${token.reveal()}` };
  const unreachable = (why: string, cause: unknown) => unreadable(prometheus, why, true, cause);
  const { status, json } = await fetchAnswer(url, { ...(headers && { headers }), timeoutMs: 10_000, unreachable }, context);
  const { data: found, error } = Check(replySchema, json) ? json : {};
  if (!Check(data, found)) throw unreadable(prometheus, error ?? `it answers with ${status}`, isTransient(status));
  return found;
}

const replySchema = Type.Object({ data: Type.Optional(Type.Unknown()), error: Type.Optional(Type.String()) });

const unreadable = (server: string, because: string, retryable: boolean, cause?: unknown) =>
  new StepError('KUBERNETES_REQUESTS_UNREADABLE', `The requests cannot be read from ${server}: ${because}.`, {
    hint: 'Try the counter in the web interface of Prometheus, or leave `requests` out: then the share is not measured.',
    retryable,
    cause,
  });
