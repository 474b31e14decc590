/**
 * The reader of the output may go away (`relpipe run 2>&1 | head -1`). An `error` event without a listener would end the process, and
 * with it the run that it drives. A caller that prints hears of a failed write by its own callback.
 */
export function ignoreBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** Throws an error of standard output on, unless it says that the reader has seen enough, as in `relpipe logs | head`. */
export function unlessBrokenPipe(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && codesOfBrokenPipe.has(error.code))) throw error;
}

/** The second is what a stream says that has reported the first already. */
const codesOfBrokenPipe: ReadonlySet<unknown> = new Set(['EPIPE', 'ERR_STREAM_DESTROYED']);
