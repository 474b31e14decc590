import { expect, test } from 'vitest';
import type { Verdict } from '../../../src/contract/index.ts';
import { judgeGate, type JudgedMetric } from '../../../src/run/judge/judge.ts';

const one = (name: string, verdict: Verdict, more: Partial<JudgedMetric['judgement']> = {}, shadow = false): JudgedMetric => ({
  metric: { name, shadow },
  judgement: { verdict, because: `${name} says ${verdict}`, critical: false, conclusive: true, measured: 5, observedAt: 100, coveredUntil: 100, ...more },
});

test('the worst metric decides, and the sentence is its own', () => {
  const order: Verdict[] = ['fail', 'error', 'inconclusive', 'warn', 'pass'];
  order.forEach((verdict, i) => {
    const gate = judgeGate(order.slice(i).map((each) => one(each, each)));
    expect(gate).toMatchObject({ verdict, because: `${verdict} says ${verdict}` });
  });
});

test('all of the worst are named', () => {
  expect(judgeGate([one('a', 'warn'), one('b', 'pass'), one('c', 'warn')]).because).toBe('a says warn; c says warn');
});

test('the gate has measured and covered only what every deciding metric has', () => {
  const gate = judgeGate([one('a', 'pass', { measured: 7, coveredUntil: 90 }), one('b', 'pass', { measured: 2, coveredUntil: 120 })]);
  expect(gate).toMatchObject({ measured: 2, coveredUntil: 90 });
});

test('it is conclusive when every deciding metric is, or when one has failed', () => {
  expect(judgeGate([one('a', 'pass'), one('b', 'pass', { conclusive: false })]).conclusive).toBe(false);
  expect(judgeGate([one('a', 'fail'), one('b', 'pass', { conclusive: false })]).conclusive).toBe(true);
});

test('it was breached when the first metric was, and critically when any was', () => {
  const gate = judgeGate([one('a', 'fail', { observedAt: 50 }), one('b', 'fail', { observedAt: 80, critical: true }), one('c', 'pass', { observedAt: 10 })]);
  expect(gate).toMatchObject({ observedAt: 50, critical: true });
});

test('a shadow metric is told about and decides nothing', () => {
  const gate = judgeGate([one('a', 'pass'), one('b', 'fail', { critical: true, measured: 0, coveredUntil: 0, conclusive: false }, true)]);
  expect(gate).toMatchObject({ verdict: 'pass', critical: false, measured: 5, coveredUntil: 100, conclusive: true });
  expect(gate.because).toBe('a says pass; shadow, would be fail: b says fail');
});

test('a gate of shadows alone is inconclusive and has measured nothing', () => {
  const gate = judgeGate([one('a', 'pass', {}, true)]);
  expect(gate).toMatchObject({ verdict: 'inconclusive', measured: 0, critical: false, conclusive: false, coveredUntil: 100 });
});
