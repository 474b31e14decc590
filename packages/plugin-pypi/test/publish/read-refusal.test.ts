import { expect, test } from 'vitest';
import { readRefusal } from '../../src/publish/read-refusal.ts';

const [name, url] = ['demo-1.409-py3-none-any.whl', 'https://up.invalid/legacy/'] as const;
const twine = (status: string, page = '') =>
  `Uploading ${name}\n\x1b[34mINFO    \x1b[0m dist/${name} (403.0 KB)\n\x1b[34mINFO    \x1b[0m Response from ${url}:\n         ${status}\n         <html><head><style>p { top: 500px }</style></head><body>${page}</body></html>\n\x1b[31mERROR   \x1b[0m HTTPError: ${status} from ${url}\n         Bad Request\n`;
const uv = (status: string, page = '') =>
  `Publishing 1 file to ${url}\nUploading ${name} (403.0KiB)\nerror: Failed to publish \`dist/${name}\` to ${url}\n  Caused by: Server returned status code ${status}. Server says: ${page}\n`;

test.each([
  ['exists', '400 File already exists', ''],
  ['exists', '400 Bad Request', "<pre>Package &#039;x&#039; already\n         exists!</pre>"],
  ['exists', '409 Conflict', ''],
  ['PYPI_FILENAME_PREVIOUSLY_USED', '400 Bad Request', 'This filename was previously used by a file that has\n         since been deleted.'],
  ['PYPI_UPLOAD_FORBIDDEN', '403 Forbidden', ''],
  ['PYPI_UPLOAD_FORBIDDEN', '401 Unauthorized', ''],
  ['PYPI_UPLOAD_REJECTED', '400 Bad Request', 'The description failed to render.'],
  ['PYPI_UPLOAD_FAILED', '503 Backend is unhealthy', ''],
  ['PYPI_UPLOAD_FAILED', '429 Too Many Requests', ''],
])('%s is recognized from %s %s', (meant, status, page) => {
  for (const tool of [twine, uv]) {
    const read = readRefusal(name, url, tool(status, page));
    expect(typeof read === 'string' ? read : read.code).toBe(meant);
    if (typeof read !== 'string') expect(read.retryable).toBe(meant === 'PYPI_UPLOAD_FAILED');
  }
});

test.each([
  [true, "ERROR    ConnectionError: HTTPConnectionPool(host='up.invalid'): Max retries exceeded"],
  [true, 'error: Failed to publish\n  Caused by: error sending request for url'],
  [false, `ERROR    InvalidDistribution: dist/${name} (500 KB) is not a wheel`],
  [false, `error: Failed to query 503 ${name}`],
])('an upload without a response is retryable (%s) by its output: %s', (retryable, printed) => {
  expect(readRefusal(name, url, printed)).toMatchObject({ code: 'PYPI_UPLOAD_FAILED', retryable });
});

test('the response of the index is quoted without colors, frames and HTML', () => {
  expect(readRefusal(name, url, twine('400 Bad Request', '<p>The description\n failed to render.</p>'))).toMatchObject({
    message: expect.stringContaining('400 Bad Request The description failed to render. ERROR HTTPError') as unknown,
  });
});
