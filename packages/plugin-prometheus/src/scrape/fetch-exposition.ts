import { StepError, type ReadContext } from 'relpipe/plugin';
import { busyHint, isTransient, revealHeaders, type HttpAnswer } from 'relpipe/plugin/toolkit';
import type { Exposition, ExpositionFormat } from '../exposition/exposition.ts';
import { ExpositionError, parseExposition } from '../exposition/parse-exposition.ts';
import { sendRequest } from '../http/request.ts';
import type { ScrapeConfig } from './scrape.ts';

/** The text format first: it is what a person sees in a browser, and OpenMetrics names counters differently. */
const accept = 'text/plain;version=0.0.4;q=1,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1';
const defaultTimeoutMs = 10_000;

/**
 * Scrapes one target.
 * @throws {StepError} `PROMETHEUS_UNREACHABLE`, `PROMETHEUS_TARGET_REFUSED`, `PROMETHEUS_NOT_METRICS`
 */
export async function fetchExposition(url: string, config: ScrapeConfig, context: ReadContext): Promise<Exposition> {
  const timeoutMs = config.timeout ?? defaultTimeoutMs;
  const response = await sendRequest({ url, headers: { accept, ...revealHeaders(config.headers) }, token: config.token, timeoutMs }, context);
  if (response.status !== 200) throw refused(url, response);
  try {
    return parseExposition(response.text, formatOf(url, response));
  } catch (error) {
    throw error instanceof ExpositionError ? notMetrics(url, error.message, error) : error;
  }
}

const refused = (url: string, { status, retryAfterMs }: HttpAnswer) =>
  new StepError('PROMETHEUS_TARGET_REFUSED', `${url} returned ${status}.`, {
    hint: isTransient(status) ? busyHint({ retryAfterMs }) : hintFor(status),
    retryable: isTransient(status),
  });

const hintFor = (status: number): string =>
  [401, 403].includes(status) ? 'Set `token` to a secret that may read it, or `headers` to what the proxy requires.' : 'Open it in a browser: it must show metrics.';

function formatOf(url: string, { mediaType }: HttpAnswer): ExpositionFormat {
  if (mediaType === 'application/openmetrics-text') return 'openmetrics';
  if (mediaType === '' || mediaType === 'text/plain') return 'prometheus-text';
  throw notMetrics(url, `its content type is ${mediaType}`);
}

const notMetrics = (url: string, why: string, cause?: unknown) =>
  new StepError('PROMETHEUS_NOT_METRICS', `${url} did not return Prometheus metrics: ${why}`, {
    hint: 'Use the URL that a Prometheus server would scrape, usually /metrics.',
    cause,
  });
