import { EOL } from 'node:os';
import { Listr, ProcessOutput, type ListrRenderer } from 'listr2';

export interface LiveArea {
  /** Draws for the last time and returns the terminal. Rejects with the reason when a frame could not be drawn. */
  close(): Promise<void>;
}

/**
 * Draws `frame` five times a second until it is closed: listr2 runs one task, the run, and draws it by a renderer of ours. Whether `out` is
 * a terminal was decided by the caller, and signals belong to the driver of the run. A process that has nothing left to do ends all the
 * same, and a frame that cannot be drawn ends the drawing, not the run.
 */
export function liveArea(out: NodeJS.WriteStream, frame: () => string): LiveArea {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const output = new ProcessOutput(out, process.stderr);
  let failure: { readonly error: unknown } | undefined;
  const tasks = new Listr([{ title: 'run', task: () => promise }], {
    renderer: FrameRenderer,
    rendererOptions: { frame, output, onFailure: (error) => (failure ??= { error }) },
    registerSignalListeners: false,
  });
  // A process that ends early still has to show the cursor, and what others wrote meanwhile.
  const giveBack = (): void => output.release();
  process.once('exit', giveBack);
  const ended = tasks.run().catch((error: unknown) => void (failure ??= { error }));
  return {
    async close() {
      resolve(undefined);
      await ended;
      process.off('exit', giveBack);
      if (failure) throw failure.error;
    },
  };
}

interface FrameOptions {
  readonly frame: () => string;
  readonly output: ProcessOutput;
  readonly onFailure: (error: unknown) => void;
}

const redrawMs = 200;

/** The whole tree is one frame, drawn over the previous one. Interface: https://listr2.kilic.dev/renderer/renderer.html */
class FrameRenderer implements ListrRenderer {
  /** listr2 would look at standard output only. */
  static nonTTY = true;
  static rendererOptions: FrameOptions;
  static rendererTaskOptions: Record<string, never>;

  readonly #options: FrameOptions;
  #draw: (last: boolean) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(_tasks: readonly unknown[], options: FrameOptions) {
    this.#options = options;
  }

  async render(): Promise<void> {
    const { frame, output } = this.#options;
    const [{ createLogUpdate }, { default: truncate }] = await Promise.all([import('log-update'), import('cli-truncate')]);
    // `hijack` hides the cursor already, and keeps the output of others until `release`.
    const update = createLogUpdate(output.stdout, { showCursor: true });
    this.#draw = (last) => {
      const columns = (output.stdout.columns || 80) - 1;
      const text = frame().split('\n').map((line) => truncate(line, columns)).join(EOL);
      if (last) update.persist(text);
      else update(text);
    };
    output.hijack();
    this.#timer = setInterval(() => this.#tryToDraw(), redrawMs).unref();
    this.#tryToDraw();
  }

  end(): void {
    this.#tryToDraw(true);
    clearInterval(this.#timer);
    this.#options.output.release();
  }

  #tryToDraw(last = false): void {
    try {
      this.#draw(last);
    } catch (error) {
      clearInterval(this.#timer);
      this.#draw = () => undefined;
      this.#options.onFailure(error);
    }
  }
}
