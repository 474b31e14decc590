import type { QuantityKind } from '../../contract/index.ts';

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
