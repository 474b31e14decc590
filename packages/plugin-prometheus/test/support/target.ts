import { serve, type Served } from '@relpipe/testing/http-server';

export interface Target extends Served {
  /** Sets what the next scrapes read; a number is an error status. */
  shows(metrics: string | number, contentType?: string): void;
  readonly requests: { path: string; accept: string; authorization: string | undefined }[];
}

/** A service with a `/metrics` whose content the test sets. */
export async function startTarget(metrics = ''): Promise<Target> {
  let shown: string | number = metrics;
  let type = 'text/plain; version=0.0.4; charset=utf-8';
  const requests: Target['requests'] = [];
  const served = await serve(({ url = '', headers }, response) => {
    requests.push({ path: url, accept: headers.accept ?? '', authorization: headers.authorization });
    if (typeof shown === 'number') response.writeHead(shown).end('no');
    else response.writeHead(200, { 'content-type': type }).end(shown);
  });
  return Object.assign(served, {
    requests,
    shows(next: string | number, contentType?: string) {
      shown = next;
      type = contentType ?? type;
    },
  });
}

/** `http_requests_total` by status code. */
export const requests = (byCode: Readonly<Record<string, number>>): string =>
  [
    '# TYPE http_requests_total counter',
    ...Object.entries(byCode).map(([code, n]) => `http_requests_total{code="${code}"} ${n}`),
    '',
  ].join('\n');

/** A histogram of `seconds` with the cumulative counts of its bounds. */
export const histogram = (name: string, cumulative: Readonly<Record<string, number>>, labels = ''): string =>
  [
    `# TYPE ${name} histogram`,
    ...Object.entries(cumulative).map(([le, n]) => `${name}_bucket{${labels}le="${le}"} ${n}`),
    '',
  ].join('\n');
