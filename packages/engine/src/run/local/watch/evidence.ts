import { createHash } from 'node:crypto';
import type { MeasurementRecord } from '../../measurement-record.ts';

/** SHA-256 over every measurement of a watch so far, in the order they were recorded. */
export class Evidence {
  readonly #hash = createHash('sha256');

  add(records: readonly MeasurementRecord[]): void {
    for (const record of records) this.#hash.update(`${canonical(record)}\n`);
  }

  /** In hexadecimal. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }
}

/** A list in a fixed order, so that what was read back from the journal hashes as what was written. */
const canonical = (one: MeasurementRecord): string =>
  JSON.stringify([
    one.step,
    one.gate,
    one.metric,
    one.side,
    one.at,
    one.value,
    one.samples ?? null,
    one.series ?? null,
    one.query,
    one.raw,
    one.warnings,
    one.error ?? null,
    one.isWarmUp ?? false,
  ]);
