import type { ListrTaskWrapper } from 'listr2';
import { DefaultRenderer, Listr, ListrLogger, ProcessOutput, SimpleRenderer, Spinner } from 'listr2';

export interface LiveArea {
  /** Draws for the last time and gives the terminal back. */
  close(): Promise<void>;
}

const redrawMs = 200;

/**
 * Draws `frame` five times a second with listr2, which is used as a view only: one task that never fails, no signal listeners, no
 * retry, rollback or exit of its own. Its timer does not keep the process alive.
 */
export function liveArea(out: NodeJS.WriteStream, frame: () => string): LiveArea {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const output = new ProcessOutput(out, process.stderr);
  let drawn: View | undefined;
  const redraw = (): void => {
    if (drawn) drawn.title = frame();
  };
  const task = { title: frame(), task: (_: unknown, view: View) => ((drawn = view), promise) };
  const list = new Listr([task], {
    registerSignalListeners: false,
    exitOnError: false,
    renderer: Tree,
    rendererOptions: {
      formatOutput: 'truncate',
      removeEmptyLines: false,
      logger: new ListrLogger({ useIcons: true, toStderr: [], processOutput: output }),
      spinner: new IdleSpinner(redraw),
    },
  });
  // What a killed process owes: the cursor, and what others wrote meanwhile.
  const giveBack = (): void => output.release();
  process.once('exit', giveBack);
  const ended = list.run();
  return {
    async close() {
      redraw();
      resolve(undefined);
      await ended.finally(() => process.off('exit', giveBack));
    },
  };
}

type View = ListrTaskWrapper<unknown, typeof Tree, typeof SimpleRenderer>;

/** Whether `out` is a terminal was decided by who made the area; listr2 looks at stdout only. */
class Tree extends DefaultRenderer {
  static override nonTTY = true;
}

/** Redraws by a timer that lets the process end. */
class IdleSpinner extends Spinner {
  readonly #redraw: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(redraw: () => void) {
    super();
    this.#redraw = redraw;
  }

  override start(draw?: () => void): void {
    this.#timer = setInterval(() => {
      this.spin();
      this.#redraw();
      draw?.();
    }, redrawMs).unref();
  }

  override stop(): void {
    clearInterval(this.#timer);
  }

  override isRunning(): boolean {
    return this.#timer !== undefined;
  }
}
