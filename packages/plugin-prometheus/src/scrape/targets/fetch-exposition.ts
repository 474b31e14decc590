import { StepError, type HttpAnswer, type ReadContext } from 'relpipe/plugin';
import type { Exposition, ExpositionFormat } from '../../exposition/exposition.ts';
import { ExpositionError } from '../../exposition/exposition-error.ts';
import { parseExposition } from '../../exposition/parse-exposition.ts';
import { ask, isPassing } from '../../http/ask.ts';
import type { ScrapeConfig } from '../scrape-config.ts';

/** The text format first: it is what a person sees in a browser, and OpenMetrics names counters differently. */
const accept = 'text/plain;version=0.0.4;q=1,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1';
const defaultTimeoutMs = 10_000;

/**
 * Reads one target.
 * @throws {StepError} `PROMETHEUS_UNREACHABLE`, `PROMETHEUS_TARGET_REFUSED`, `PROMETHEUS_NOT_METRICS`
 */
export async function fetchExposition(url: string, config: ScrapeConfig, context: ReadContext): Promise<Exposition> {
  const timeoutMs = config.timeout ?? defaultTimeoutMs;
  const reply = await ask({ url, headers: { accept }, token: config.token, timeoutMs }, context);
  if (reply.status !== 200) throw refused(url, reply.status);
  try {
    return parseExposition(reply.text, formatOf(url, reply));
  } catch (error) {
    throw error instanceof ExpositionError ? notMetrics(url, error.message, error) : error;
  }
}

const refused = (url: string, status: number) =>
  new StepError('PROMETHEUS_TARGET_REFUSED', `${url} answered ${status}.`, {
    hint: [401, 403].includes(status)
      ? 'Give `token` a secret that may read it.'
      : 'Open it in a browser: it has to show metrics.',
    retryable: isPassing(status),
  });

function formatOf(url: string, { mediaType }: HttpAnswer): ExpositionFormat {
  if (mediaType === 'application/openmetrics-text') return 'openmetrics';
  if (mediaType === '' || mediaType === 'text/plain') return 'prometheus-text';
  throw notMetrics(url, `it answered ${mediaType}`);
}

const notMetrics = (url: string, why: string, cause?: unknown) =>
  new StepError('PROMETHEUS_NOT_METRICS', `${url} does not give Prometheus metrics: ${why}`, {
    hint: 'Name the address that a Prometheus server would scrape, usually /metrics.',
    cause,
  });
