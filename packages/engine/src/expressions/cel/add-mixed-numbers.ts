import type { Environment } from '@marcbachmann/cel-js';

type Numeric = bigint | number;

/** `inputs.ratio * 2` and `inputs.ratio == 1`: CEL keeps integers and numbers apart, people do not. */
export function addMixedNumbers(environment: Environment): void {
  for (const [left, right] of [['int', 'double'], ['double', 'int']] as const) {
    const calculate = (operator: string, result: (a: number, b: number) => number) =>
      environment.registerOperator(`${left} ${operator} ${right}: double`, (a: Numeric, b: Numeric) => result(Number(a), Number(b)));
    calculate('+', (a, b) => a + b);
    calculate('-', (a, b) => a - b);
    calculate('*', (a, b) => a * b);
    calculate('/', (a, b) => a / b);
  }
  environment.registerOperator('int == double: bool', (a: Numeric, b: Numeric) => Number(a) === Number(b));
}
