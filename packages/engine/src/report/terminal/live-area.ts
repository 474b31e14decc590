import type { ListrTaskWrapper } from 'listr2';
import { DefaultRenderer, Listr, ListrDefaultRendererLogLevels, ListrLogger, ProcessOutput, type SimpleRenderer, Spinner } from 'listr2';

export interface LiveArea {
  /** Draws for the last time and gives the terminal back. */
  close(): Promise<void>;
}

const redrawMs = 200;

/**
 * Draws `frame` five times a second with listr2, which is used as a view only: one task that never fails, no signal listeners, no
 * retry, rollback or exit of its own. (A listener that its cursor library adds does nothing while somebody else listens.) The timer
 * does not keep the process alive, and a frame that cannot be drawn ends the drawing, not the run: `close` throws the reason.
 */
export function liveArea(out: NodeJS.WriteStream, frame: () => string): LiveArea {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const output = new ProcessOutput(out, process.stderr);
  let drawn: View | undefined;
  const redraw = (): void => {
    if (drawn) drawn.title = frame();
  };
  const spinner = new QuietSpinner(redraw);
  const task = { title: frame(), task: (_: unknown, view: View) => ((drawn = view), promise) };
  // What a process that ends early owes: the cursor, and what others wrote meanwhile.
  const giveBack = (): void => output.release();
  process.once('exit', giveBack);
  const ended = new Listr([task], optionsOf(output, spinner)).run();
  ended.catch(() => spinner.stop());
  return {
    async close() {
      resolve(undefined);
      await ended.finally(() => process.off('exit', giveBack));
      if (spinner.failure !== undefined) throw spinner.failure;
    },
  };
}

const optionsOf = (processOutput: ProcessOutput, spinner: Spinner) =>
  ({
    registerSignalListeners: false,
    exitOnError: false,
    renderer: Tree,
    rendererOptions: {
      formatOutput: 'truncate',
      removeEmptyLines: false,
      // The task always ends well; how the run ended is said by the frame.
      icon: { [ListrDefaultRendererLogLevels.COMPLETED]: '■' },
      color: { [ListrDefaultRendererLogLevels.COMPLETED]: (icon: string | undefined) => icon ?? '' },
      logger: new ListrLogger({ useIcons: true, toStderr: [], processOutput }),
      spinner,
    },
  }) as const;

type View = ListrTaskWrapper<unknown, typeof Tree, typeof SimpleRenderer>;

/** Whether `out` is a terminal was decided by who made the area; listr2 looks at stdout only. */
class Tree extends DefaultRenderer {
  static override nonTTY = true;
}

/** Redraws by a timer that lets the process end, and stops at the first failure. */
class QuietSpinner extends Spinner {
  failure: Error | undefined;
  readonly #redraw: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(redraw: () => void) {
    super();
    this.#redraw = redraw;
  }

  override start(draw?: () => void): void {
    this.#timer = setInterval(() => this.#tick(draw), redrawMs).unref();
  }

  /** listr2 draws once more after this. */
  override stop(): void {
    clearInterval(this.#timer);
    this.#tick();
  }

  override isRunning(): boolean {
    return this.#timer !== undefined;
  }

  #tick(draw?: () => void): void {
    if (this.failure !== undefined) return;
    try {
      this.spin();
      this.#redraw();
      draw?.();
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      clearInterval(this.#timer);
    }
  }
}
