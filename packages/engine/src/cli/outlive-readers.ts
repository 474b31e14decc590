/**
 * Whoever reads what relpipe says may go away (`relpipe run 2>&1 | head -1`). An `error` event that nobody hears would end the process, and
 * with it the run that it drives. Who prints hears of a failed write by its own callback.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
