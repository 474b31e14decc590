import type { Environment } from '@marcbachmann/cel-js';
import type { QuantityKind } from '../../contract/index.ts';
import { parseQuantity, printQuantity, quantityKinds } from '../quantities/quantity.ts';
import { type QuantityValue, quantityValues } from './quantity-values.ts';

/** The functions that make a quantity from its text. `size` is taken: it counts. */
const quantityMakers: Readonly<Record<QuantityKind, string>> = {
  percent: 'percent',
  duration: 'timespan',
  size: 'bytesize',
};

/** Percent, duration and size with `+ - * / < <= > >= ==`, and what makes and prints them. */
export function addQuantities(environment: Environment): void {
  for (const kind of quantityKinds) {
    environment.registerType(kind, { ctor: quantityValues[kind], fields: {} });
    addSums(environment, kind);
    addProducts(environment, kind);
    addComparisons(environment, kind);
    environment.registerFunction(`${quantityMakers[kind]}(string): ${kind}`, (text: string) => make(kind, text));
    environment.registerFunction(`string(${kind}): string`, ({ value }: QuantityValue) => printQuantity(kind, value));
  }
}

function addSums(environment: Environment, kind: QuantityKind): void {
  const of = makerOf(kind);
  environment.registerOperator(`${kind} + ${kind}`, (a: QuantityValue, b: QuantityValue) => of(a.value + b.value));
  environment.registerOperator(`${kind} - ${kind}`, (a: QuantityValue, b: QuantityValue) => of(a.value - b.value));
}

function addProducts(environment: Environment, kind: QuantityKind): void {
  const of = makerOf(kind);
  for (const number of ['int', 'double']) {
    environment.registerOperator(`${kind} * ${number}`, (a: QuantityValue, b: Numeric) => of(a.value * Number(b)));
    environment.registerOperator(`${number} * ${kind}: ${kind}`, (a: Numeric, b: QuantityValue) => of(Number(a) * b.value));
    environment.registerOperator(`${kind} / ${number}`, (a: QuantityValue, b: Numeric) => of(a.value / Number(b)));
  }
  environment.registerOperator(`${kind} / ${kind}: double`, (a: QuantityValue, b: QuantityValue) => a.value / b.value);
}

function addComparisons(environment: Environment, kind: QuantityKind): void {
  type Compare = (a: QuantityValue, b: QuantityValue) => boolean;
  const compare = (operator: string, answer: Compare) => environment.registerOperator(`${kind} ${operator} ${kind}: bool`, answer);
  compare('<', (a, b) => a.value < b.value);
  compare('<=', (a, b) => a.value <= b.value);
  compare('>', (a, b) => a.value > b.value);
  compare('>=', (a, b) => a.value >= b.value);
  compare('==', (a, b) => a.value === b.value);
}

type Numeric = bigint | number;

const makerOf = (kind: QuantityKind) => {
  const Value = quantityValues[kind];
  return (value: number): QuantityValue => new Value(value);
};

function make(kind: QuantityKind, text: string): QuantityValue {
  const parsed = parseQuantity(kind, text);
  if (!parsed.ok) throw new Error(`"${text}" is not a ${kind}`);
  return makerOf(kind)(parsed.value);
}
