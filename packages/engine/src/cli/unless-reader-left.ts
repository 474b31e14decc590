/** Throws an error of standard output on, unless it says that the reader has seen enough, as in `relpipe logs | head`. */
export function unlessReaderLeft(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && isGone.has(error.code))) throw error;
}

/** The second is what a stream says that has told the first already. */
const isGone: ReadonlySet<unknown> = new Set(['EPIPE', 'ERR_STREAM_DESTROYED']);
