import { expect, test } from 'vitest';
import { judged, metricOf } from './samples.ts';

const partial = 'one store could not be asked';
const sample = (value: number | null) => ({ candidate: [{ value, partial }] });

test('a partial answer is inconclusive whatever its value, and the sentence quotes the server', () => {
  for (const value of [0.001, 0.9, null]) {
    const answer = judged(metricOf({ noData: 'pass' }), 0.001, sample(value));
    expect(answer).toMatchObject({ verdict: 'inconclusive', conclusive: false });
    expect(answer.because).toBe('error-rate has a partial answer: one store could not be asked');
  }
});

test('a partial answer of the baseline is inconclusive as well', () => {
  const answer = judged(metricOf({ baseline: {} }), { candidate: [{ value: 0.001 }], baseline: [{ value: 0.001, partial }] });
  expect(answer).toMatchObject({ verdict: 'inconclusive' });
  expect(answer.because).toContain(partial);
});

test('`partial: accept` judges the value, and the sentence still quotes the server', () => {
  const lenient = metricOf({ partial: 'accept' });
  expect(judged(lenient, sample(0.001))).toMatchObject({
    verdict: 'pass',
    because: 'error-rate is 0.1 %, within critical 5 %, max 1 % (1 value); its answer is partial: one store could not be asked',
  });
  for (const value of [0.5, null, Number.NaN]) expect(judged(lenient, sample(value)).because).toContain(`its answer is partial: ${partial}`);
  expect(judged(lenient, sample(0.5))).toMatchObject({ verdict: 'fail' });
});

test('the same words for several series are quoted once', () => {
  const several = { candidate: [{ value: 1, partial }, { value: 2, partial }] };
  expect(judged(metricOf({ unit: 'count', reduce: 'sum' }), several).because).toBe(`error-rate has a partial answer: ${partial}`);
});
