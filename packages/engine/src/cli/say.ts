import { unlessReaderLeft } from './unless-reader-left.ts';

/** Prints what a command was asked for. Rejects when it is lost, e.g. on a full disk. */
export async function say(text: string): Promise<void> {
  await written(text).catch(unlessReaderLeft);
}

const written = (text: string): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
