import type { Environment } from '@marcbachmann/cel-js';
import type { QuantityKind } from '../../contract/index.ts';
import { parseQuantity, printQuantity, quantityKinds } from '../quantities/quantity.ts';
import { replacements } from './rewrite.ts';

/** The functions that make a quantity from its text. `size` is taken: it counts. */
const quantityMakers: Readonly<Record<QuantityKind, string>> = {
  percent: 'percent',
  duration: replacements.duration,
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

const makerOf = (kind: QuantityKind) => {
  const Value = quantityValues[kind];
  return (value: number): QuantityValue => new Value(value);
};

function make(kind: QuantityKind, text: string): QuantityValue {
  const parsed = parseQuantity(kind, text);
  if (!parsed.ok) throw new Error(`"${text}" is not a valid ${kind}`);
  return makerOf(kind)(parsed.value);
}

type Numeric = bigint | number;

/** `inputs.ratio * 2` and `inputs.ratio == 1`: CEL keeps integers and numbers apart, people do not. */
export function addMixedNumbers(environment: Environment): void {
  for (const [left, right] of [
    ['int', 'double'],
    ['double', 'int'],
  ] as const) {
    const calculate = (operator: string, result: (a: number, b: number) => number) =>
      environment.registerOperator(`${left} ${operator} ${right}: double`, (a: Numeric, b: Numeric) => result(Number(a), Number(b)));
    calculate('+', (a, b) => a + b);
    calculate('-', (a, b) => a - b);
    calculate('*', (a, b) => a * b);
    calculate('/', (a, b) => a / b);
  }
  environment.registerOperator('int == double: bool', (a: Numeric, b: Numeric) => Number(a) === Number(b));
}

/** A number with a unit, as expressions calculate with it: percent 0..100, milliseconds, bytes. */
export abstract class QuantityValue {
  abstract readonly kind: QuantityKind;
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

class PercentValue extends QuantityValue {
  readonly kind = 'percent';
}

class DurationValue extends QuantityValue {
  readonly kind = 'duration';
}

class SizeValue extends QuantityValue {
  readonly kind = 'size';
}

/** The class of each kind: CEL tells its types apart by their constructors. */
export const quantityValues = {
  percent: PercentValue,
  duration: DurationValue,
  size: SizeValue,
} as const satisfies Record<QuantityKind, new (value: number) => QuantityValue>;
