import { StepError } from 'relpipe/plugin';

/** @throws {StepError} `PROMETHEUS_URL_INVALID` */
export function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw invalid(`\`${text}\` is no http or https URL.`, 'Write it whole, e.g. http://127.0.0.1:9090');
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid(`The URL of ${url.host} has a password in it.`, 'Give `token` a secret instead.');
  }
  return url;
}

const invalid = (message: string, hint: string) => new StepError('PROMETHEUS_URL_INVALID', message, { hint });
