import { serve } from '@relpipe/testing/http-server';
import { containing } from '@relpipe/testing/matchers';
import { virtualContext } from '@relpipe/testing/step-context';
import { describe, expect, test } from 'vitest';
import { wait } from '../../src/wait/wait.ts';
import { startIndex, type Listed } from '../support/start-index.ts';

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)] as const;
const wheel = { filename: 'demo_pkg-1.4.0-py3-none-any.whl', sha256: a };
const sdist = { filename: 'demo_pkg-1.4.0.tar.gz', sha256: b };
const older = { filename: 'demo_pkg-1.3.0.tar.gz', sha256: a };
const always =
  (...files: Listed[]) =>
  () => ({ 'demo-pkg': files });
const both = { [wheel.filename]: a, [sdist.filename]: b };

describe.each(['json', 'html'] as const)('an index that speaks %s', (speaks) => {
  test('a version that is there ends the wait at once', async () => {
    await using index = await startIndex(always(older, wheel, sdist), speaks);
    const config = { project: 'Demo.Pkg', version: 'v1.4', index: index.url, files: both };
    expect(await wait.run(config, virtualContext())).toEqual({ files: both, waited: 0 });
    expect(index.asked.map(({ path }) => path)).toEqual(['/simple/demo-pkg/']);
  });

  test('the wait continues while a project, a version or a file is not listed yet', async () => {
    const responses: Record<string, readonly Listed[]>[] = [{}, { 'demo-pkg': [older] }, { 'demo-pkg': [older, wheel] }];
    await using index = await startIndex((request) => responses[request - 1] ?? { 'demo-pkg': [older, wheel, sdist] }, speaks);
    const context = virtualContext();
    const config = { project: 'demo_pkg', version: '1.4.0', index: index.url, files: both };
    expect(await wait.run(config, context)).toEqual({ files: both, waited: 2000 + 4000 + 8000 });
    expect(context.lines).toEqual([
      'demo-pkg 1.4: the project is not listed yet.',
      `demo-pkg 1.4: ${wheel.filename}, ${sdist.filename} are not listed yet.`,
      `demo-pkg 1.4: ${sdist.filename} is not listed yet.`,
    ]);
  });

  test('other bytes under the same name are an error at once', async () => {
    await using index = await startIndex(always({ ...wheel, sha256: b }), speaks);
    const config = { project: 'demo-pkg', version: '1.4.0', index: index.url, files: both };
    await expect(wait.run(config, virtualContext())).rejects.toMatchObject({
      code: 'PYPI_HASH_MISMATCH',
      message: containing(`sha256 ${b}, expected ${a}`),
      retryable: false,
    });
    expect(index.asked).toHaveLength(1);
  });

  test('a yanked file is an error at once, with its reason', async () => {
    await using index = await startIndex(always({ ...wheel, yanked: 'broken "wheel"' }), speaks);
    const config = { project: 'demo-pkg', version: '1.4.0', index: index.url };
    await expect(wait.run(config, virtualContext())).rejects.toMatchObject({
      code: 'PYPI_YANKED',
      message: `${wheel.filename} was yanked: broken "wheel".`,
      retryable: false,
    });
  });

  test('the Python versions that the files require are compared, whatever their order and spaces', async () => {
    await using index = await startIndex(always({ ...wheel, requiresPython: '>=3.9, <4' }), speaks);
    const config = { project: 'demo-pkg', version: '1.4.0', index: index.url };
    expect(await wait.run({ ...config, 'requires-python': '<4,>=3.9' }, virtualContext())).toMatchObject({ waited: 0 });
    await expect(wait.run({ ...config, 'requires-python': '>=3.10' }, virtualContext())).rejects.toMatchObject({
      code: 'PYPI_REQUIRES_PYTHON_MISMATCH',
      message: `${wheel.filename} requires Python >=3.9, <4, expected >=3.10.`,
      retryable: false,
    });
  });

  test('an expected file without a hash is an error', async () => {
    await using index = await startIndex(always({ filename: wheel.filename }), speaks);
    const config = { project: 'demo-pkg', version: '1.4.0', index: index.url };
    await expect(wait.run({ ...config, files: { [wheel.filename]: a } }, virtualContext())).rejects.toMatchObject({
      code: 'PYPI_HASH_MISSING',
    });
    expect(await wait.run(config, virtualContext())).toMatchObject({ files: { [wheel.filename]: null } });
  });
});

test('a yanked file of another version does not matter', async () => {
  await using index = await startIndex(always({ ...older, yanked: '' }, wheel));
  const config = { project: 'demo-pkg', version: '1.4.0', index: index.url };
  expect(await wait.run(config, virtualContext())).toMatchObject({ files: { [wheel.filename]: a } });
});

test('hashes are compared case-insensitively', async () => {
  await using index = await startIndex(always({ ...wheel, sha256: a.toUpperCase() }));
  const config = { project: 'demo-pkg', version: '1.4.0', index: index.url, files: { [wheel.filename]: a } };
  expect(await wait.run(config, virtualContext())).toMatchObject({ files: { [wheel.filename]: a } });
});

test('the wait ends at its timeout and names the missing files', async () => {
  await using index = await startIndex(always(older));
  const context = virtualContext();
  const started = context.clock.now();
  const config = { project: 'demo-pkg', version: '1.4.0', index: index.url, timeout: 50_000 };
  await expect(wait.run(config, context)).rejects.toMatchObject({
    code: 'PYPI_NOT_VISIBLE',
    message: `demo-pkg 1.4 was not visible on ${index.url}/ within 50 s: the version has no files yet.`,
    retryable: false,
  });
  expect(context.clock.now() - started).toBe(50_000);
  expect(index.asked).toHaveLength(6); // at 0, 2, 6, 14, 30 and, the pause cut short, 50 s
});

test('a version that only the JSON API shows is reported as lag', async () => {
  await using index = await startIndex(always(older), 'json', { 'demo-pkg/1.4': [wheel] });
  const context = virtualContext();
  const config = { project: 'demo-pkg', version: '1.4.0', index: index.url, files: { [wheel.filename]: a }, timeout: 2000 };
  await expect(wait.run(config, context)).rejects.toMatchObject({ code: 'PYPI_INDEX_LAGS', hint: containing('has arrived') });
  expect(context.lines).toEqual([`demo-pkg 1.4: ${wheel.filename} is not listed yet, but the JSON API has the release already.`]);
});

test.each([
  ['PYPI_HASH_MISMATCH', { ...wheel, sha256: b }],
  ['PYPI_YANKED', { ...wheel, yanked: 'broken' }],
])('a file that is wrong by the JSON API ends the wait at once with %s', async (code, file) => {
  await using index = await startIndex(always(), 'json', { 'demo-pkg/1.4': [file] });
  const config = { project: 'demo-pkg', version: '1.4.0', index: index.url, files: { [wheel.filename]: a } };
  await expect(wait.run(config, virtualContext())).rejects.toMatchObject({ code });
  expect(index.asked).toHaveLength(1);
});

test('poll sets the first pause', async () => {
  await using index = await startIndex((request) => (request < 3 ? {} : { 'demo-pkg': [wheel] }));
  const config = { project: 'demo-pkg', version: '1.4.0', index: index.url, poll: 500 };
  expect(await wait.run(config, virtualContext())).toMatchObject({ waited: 1500 });
});

test('an index that fails for a moment is asked again', async () => {
  const failures = [503, 429, 500];
  await using index = await startIndex((request) => failures[request - 1] ?? { 'demo-pkg': [wheel] });
  const context = virtualContext();
  await wait.run({ project: 'demo-pkg', version: '1.4.0', index: index.url }, context);
  expect(context.lines[0]).toBe(`demo-pkg 1.4: ${index.url}/demo-pkg/ responded with status 503.`);
});

test('an index that is busy is a warning before the run, with the pause that it asks for', async () => {
  await using server = await serve((_, response) => response.writeHead(429, { 'retry-after': '4' }).end());
  expect(await wait.verify?.({ project: 'demo-pkg', version: '1.4.0', index: server.url }, virtualContext())).toMatchObject([
    { level: 'warning', code: 'PYPI_INDEX_HTTP_ERROR', hint: 'The server is busy and asks for a pause of 4 s.' },
  ]);
});

test('an unreachable index is asked until the timeout', async () => {
  const index = await startIndex(always());
  await index[Symbol.asyncDispose]();
  const config = { project: 'demo-pkg', version: '1.4.0', index: index.url, timeout: 5000 };
  await expect(wait.run(config, virtualContext())).rejects.toMatchObject({
    code: 'PYPI_NOT_VISIBLE',
    message: containing('nothing listens there'),
  });
});

test.each([
  [401, 'PYPI_INDEX_HTTP_ERROR', 'PIP_INDEX_URL'],
  [400, 'PYPI_INDEX_HTTP_ERROR', 'browser'],
])('the status %i of the index is an error at once', async (status, code, hint) => {
  await using index = await startIndex(() => status);
  const config = { project: 'demo-pkg', version: '1.4.0', index: index.url };
  await expect(wait.run(config, virtualContext())).rejects.toMatchObject({ code, hint: containing(hint) });
  expect(index.asked).toHaveLength(1);
});

test.each([
  ['text/plain', 'hello', 'it responded with text/plain'],
  ['application/vnd.pypi.simple.v1+json', '{"files": []}', 'it responded with other JSON'],
  ['application/vnd.pypi.simple.v1+json', 'oops', 'it responded with other JSON'],
  ['application/vnd.pypi.simple.v1+json', '{"meta": {"api-version": "2.0"}, "files": []}', 'it has API version 2.0'],
])('a page of type %s with the content %s is not accepted as an index', async (contentType, body, why) => {
  await using server = await serve((_, response) => {
    response.setHeader('content-type', contentType).end(body);
  });
  const config = { project: 'demo-pkg', version: '1.4.0', index: server.url };
  await expect(wait.run(config, virtualContext())).rejects.toMatchObject({
    code: 'PYPI_NOT_AN_INDEX',
    message: containing(why),
  });
});

test('the login of the index is sent as a header and never shown', async () => {
  await using index = await startIndex(always());
  const url = index.url.replace('http://', 'http://me:s3cret@');
  const context = virtualContext();
  const run = wait.run({ project: 'demo-pkg', version: '1.4.0', index: url, timeout: 1000 }, context);
  await expect(run).rejects.toMatchObject({ message: expect.not.stringContaining('s3cret') as unknown });
  expect(index.asked[0]?.authorization).toBe(`Basic ${Buffer.from('me:s3cret').toString('base64')}`);
  expect(context.lines.join('\n')).not.toContain('s3cret');
});

test('a cancelled wait ends with the cancellation', async () => {
  const cancel = new AbortController();
  await using index = await startIndex((request) => {
    if (request === 2) cancel.abort(new Error('cancelled'));
    return {};
  });
  const run = wait.run(
    { project: 'demo-pkg', version: '1.4.0', index: index.url },
    virtualContext({ signal: cancel.signal }),
  );
  await expect(run).rejects.toThrow('cancelled');
  expect(index.asked).toHaveLength(2);
});

describe('before the run', () => {
  test('verify accepts a project that is not there yet', async () => {
    await using index = await startIndex(() => ({}));
    expect(await wait.verify?.({ project: 'demo-pkg', version: '1.4.0', index: index.url }, virtualContext())).toEqual(
      [],
    );
  });

  test('verify only warns when the index does not respond', async () => {
    const index = await startIndex(always());
    await index[Symbol.asyncDispose]();
    expect(await wait.verify?.({ project: 'd', version: '1', index: index.url }, virtualContext())).toMatchObject([
      { level: 'warning', code: 'PYPI_UNREACHABLE' },
    ]);
  });

  test.each([
    ['PYPI_VERSION_INVALID', { version: 'latest' }],
    ['PYPI_FILE_NAME_MISMATCH', { files: { [older.filename]: a } }],
    ['PYPI_FILE_NAME_MISMATCH', { files: { 'other-1.4.0.tar.gz': a } }],
    ['PYPI_URL_INVALID', { index: 'pypi.org/simple' }],
  ])('verify refuses a release that could never become visible with %s', async (code, part) => {
    const config = { project: 'demo-pkg', version: '1.4.0', ...part };
    expect(await wait.verify?.(config, virtualContext())).toMatchObject([{ level: 'error', code }]);
  });

  test('a version that is known only later is not checked, and is named in the preview', async () => {
    const config = {
      project: 'demo-pkg',
      version: { $later: 'steps.bump.outputs.version' },
      index: 'http://127.0.0.1/simple',
    };
    expect(await wait.verify?.(config, virtualContext())).toMatchObject([
      { level: 'warning', code: 'PYPI_NOT_CHECKED' },
    ]);
    expect(await wait.preview?.(config, virtualContext())).toEqual({
      change: 'nothing: waits until demo-pkg (steps.bump.outputs.version) is visible on http://127.0.0.1/simple/',
      unknownUntilRun: ['version'],
    });
  });
});
