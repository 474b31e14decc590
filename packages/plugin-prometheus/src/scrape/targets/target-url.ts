import { httpUrl } from '../../http/http-url.ts';

/**
 * The URL to read: `/metrics` where only a host is named, as Prometheus does.
 * @throws {StepError} `PROMETHEUS_URL_INVALID`
 */
export function targetUrl(target: string): string {
  const url = httpUrl(target);
  if (url.pathname === '/' && url.search === '') url.pathname = '/metrics';
  return url.href;
}
