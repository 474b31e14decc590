/**
 * Whoever reads what relpipe says may go away (`relpipe run 2>&1 | head -1`). An `error` event that nobody hears would end the process, and
 * with it the run that it drives. Who prints hears of a failed write by its own callback.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** Throws an error of standard output on, unless it says that the reader has seen enough, as in `relpipe logs | head`. */
export function unlessReaderLeft(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && isGone.has(error.code))) throw error;
}

/** The second is what a stream says that has told the first already. */
const isGone: ReadonlySet<unknown> = new Set(['EPIPE', 'ERR_STREAM_DESTROYED']);
