import { Counter, Histogram, Registry, type RegistryContentType } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { parseExposition } from '../../src/exposition/parse-exposition.ts';

const text = (...lines: string[]) => parseExposition(`${lines.join('\n')}\n`, 'prometheus-text');
const openmetrics = (...lines: string[]) => parseExposition(`${[...lines, '# EOF'].join('\n')}\n`, 'openmetrics');
const only = ({ samples }: ReturnType<typeof text>) => {
  expect(samples).toHaveLength(1);
  const [sample] = samples;
  return { name: sample?.name, value: sample?.value, labels: Object.fromEntries(sample?.labels ?? []) };
};

describe('the Prometheus text format', () => {
  test('a sample is read as its name, labels and value, without its timestamp', () => {
    expect(only(text('http_requests_total{method="post",code="400"}    3 1395066363000'))).toEqual({
      name: 'http_requests_total',
      labels: { method: 'post', code: '400' },
      value: 3,
    });
  });

  test('blanks and tabs may separate tokens, and a comma may follow the last label', () => {
    expect(only(text('\tup { a = "1" , b="2", } \t 1 '))).toEqual({ name: 'up', labels: { a: '1', b: '2' }, value: 1 });
  });

  test('backslash, quote and line feed are unescaped in label values, and any other escape is kept', () => {
    expect(only(text(String.raw`files{path="C:\\DIR\\N",error="no:\n\"X\"",odd="\d"} 1`)).labels).toEqual({
      path: 'C:\\DIR\\N',
      error: 'no:\n"X"',
      odd: '\\d',
    });
  });

  test('braces, hashes and commas inside a label value belong to the value', () => {
    expect(only(text('up{route="/{id}, # 1"} 1')).labels).toEqual({ route: '/{id}, # 1' });
  });

  test('an empty label is left out', () => {
    expect(only(text('up{a="",b="x"} 1')).labels).toEqual({ b: 'x' });
  });

  test.each([
    ['1.458255915e9', 1458255915],
    ['+Inf', Infinity],
    ['-Inf', -Infinity],
    ['NaN', Number.NaN],
    ['Nan', Number.NaN],
    ['.5', 0.5],
    ['-3.', -3],
  ])('the value %s is read as %d', (written, value) => {
    expect(only(text(`x ${written}`)).value).toBe(value);
  });

  test('comments, HELP lines and empty lines are ignored', () => {
    expect(text('# any comment', '', '# HELP x with "quotes" \\\\ and more', 'x 1').samples).toHaveLength(1);
  });

  test('a TYPE line declares the samples of a family and their kinds before any exist', () => {
    const { kinds } = text(
      '# TYPE a counter',
      '# TYPE b gauge',
      '# TYPE c histogram',
      '# TYPE d summary',
      '# TYPE e untyped',
    );
    expect(Object.fromEntries(kinds)).toEqual({
      a: 'counter',
      b: 'gauge',
      c_bucket: 'counter',
      c_count: 'counter',
      c_sum: 'counter',
      d: 'gauge',
      d_count: 'counter',
      d_sum: 'counter',
      e: 'unknown',
    });
  });

  test.each([
    ['x', 'expected a value, found the end'],
    ['x one', 'expected a value, found `one`'],
    ['x 0x10', 'expected a value, found `0x10`'],
    ['x 1 soon', 'expected a timestamp, found `soon`'],
    ['x 1 2 3', 'expected the end of the line, found `3`'],
    ['{a="b"} 1', 'expected a metric name'],
    ['x{a=b} 1', 'expected a value in double quotes'],
    ['x{a="b} 1', 'expected a value in double quotes'],
    ['x{a="b"', 'expected `,` or `}`, found the end'],
    ['x{a="b" c="d"} 1', 'expected `,` or `}`, found `c="d"} 1`'],
    ['x{0="b"} 1', 'expected a label name'],
    ['x{a="1",a="2"} 1', 'duplicate label `a`'],
    ['# TYPE x colour', '`colour` is not a metric type'],
    ['# TYPE x', 'expected a type'],
    ['<html>', 'expected a metric name'],
  ])('the line %s is refused, with its number', (line, why) => {
    expect(() => text('ok 1', line)).toThrow(`Line 2 is malformed: ${why}`);
  });

  test('a duplicate series is refused, whatever the order of its labels', () => {
    expect(() => text('x{a="1",b="2"} 1', 'x{b="2",a="1"} 2')).toThrow('Line 2 is malformed: duplicate series');
  });

  test('a duplicate TYPE line is refused', () => {
    expect(() => text('# TYPE x counter', '# TYPE x gauge')).toThrow('Line 2 is malformed: duplicate TYPE of x');
  });
});

describe('the OpenMetrics format', () => {
  test('an OpenMetrics counter has _total after its family name, and exemplars, UNIT and _created are ignored', () => {
    const { kinds, samples } = openmetrics(
      '# TYPE http_seconds counter',
      '# UNIT http_seconds seconds',
      'http_seconds_total{code="200"} 17.0 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67 1520879607.7',
      'http_seconds_created{code="200"} 1520430000.123',
    );
    expect(Object.fromEntries(kinds)).toEqual({ http_seconds_total: 'counter' });
    expect(samples.map(({ name, value }) => [name, value])).toContainEqual(['http_seconds_total', 17]);
  });

  test('an OpenMetrics text without EOF is incomplete and refused as a whole', () => {
    expect(() => parseExposition('x_total 1\n', 'openmetrics')).toThrow(
      'Line 1 is malformed: OpenMetrics ends with `# EOF`',
    );
  });

  test('an OpenMetrics text with lines after EOF is refused', () => {
    expect(() => parseExposition('# EOF\nx 1\n# EOF\n', 'openmetrics')).toThrow('nothing may follow `# EOF`');
  });

  test('the newest of several points of one OpenMetrics series counts', () => {
    expect(openmetrics('x 3 456', 'x 2 123').samples.map(({ value }) => value)).toEqual([3]);
    expect(openmetrics('x 2 123', 'x 3 456').samples.map(({ value }) => value)).toEqual([3]);
  });

  test.each(['x 1 # 5', 'x 1 # {a="b"}', 'x 1 # {a="b"} 1 2 3'])('the malformed exemplar in %s is refused', (line) => {
    expect(() => openmetrics(line)).toThrow('Line 1 is malformed');
  });
});

test('metrics of a real client library are read in both formats', async () => {
  for (const format of ['prometheus-text', 'openmetrics'] as const) {
    const registry = new Registry<RegistryContentType>();
    if (format === 'openmetrics') registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    const registers = [registry];
    new Counter({ name: 'jobs_total', help: 'a "b" \\ c', labelNames: ['queue'], registers }).inc(
      { queue: 'x"\\\n' },
      4,
    );
    new Histogram({ name: 'wait_seconds', help: 'h', buckets: [0.1, 1], registers }).observe(0.5);

    const { samples, kinds } = parseExposition(await registry.metrics(), format);

    const jobs = samples.find(({ name }) => name === 'jobs_total');
    expect(jobs?.value).toBe(4);
    expect(jobs?.labels.get('queue')).toBe('x"\\\n');
    expect(kinds.get('jobs_total')).toBe('counter');
    expect(samples.filter(({ name }) => name === 'wait_seconds_bucket').map(({ value }) => value)).toEqual([0, 1, 1]);
  }
});
