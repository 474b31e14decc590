import { once } from 'node:events';

/** Lines to a stream. After the stream broke, the next line throws, so that it is said once who lost what. */
export interface TextSink {
  line(text: string): void;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

export function textSink(out: NodeJS.WritableStream): TextSink {
  let broken: Error | undefined;
  // A reader that goes away (`relpipe run | head`) must not end the run by an unheard `error` event.
  out.on('error', (error: Error) => (broken ??= error));
  const stopWhenBroken = (): void => {
    if (broken) throw broken;
  };
  return {
    line(text) {
      stopWhenBroken();
      out.write(`${text}\n`);
    },
    async close() {
      if (!broken && out.writable) await Promise.race([written(out), once(out, 'close')]);
      stopWhenBroken();
    },
  };
}

const written = (out: NodeJS.WritableStream): Promise<void> =>
  new Promise((resolve, reject) => out.write('', (error) => (error ? reject(error) : resolve())));
