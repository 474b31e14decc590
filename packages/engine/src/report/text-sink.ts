/** Lines to a stream. After the stream failed, the next line throws, so that the loss is reported once. */
export interface TextSink {
  line(text: string): void;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

export function textSink(out: NodeJS.WritableStream): TextSink {
  let broken: Error | undefined;
  // A reader that goes away (`relpipe run | head`) must not end the run by an `error` event without a listener.
  out.on('error', (error: Error) => (broken ??= error));
  return {
    line(text) {
      if (broken) throw broken;
      out.write(`${text}\n`);
    },
    async close() {
      // A destroyed stream refuses the write after it has reported why; the reason is worth more than the refusal.
      await written(out).catch((refused: unknown) => {
        throw broken ?? refused;
      });
    },
  };
}

const written = (out: NodeJS.WritableStream): Promise<void> =>
  new Promise((resolve, reject) => out.write('', (error) => (error ? reject(error) : resolve())));

/** Colours only on a terminal, and never where `NO_COLOR` is set (https://no-color.org) or the terminal is `dumb`. */
export const wantsColor = (
  out: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean => out.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
