import { CommandLost, type CommandStarter, type CommandToStart, type OnOutput, type StartedCommand } from './command-starter.ts';
import { DirectStarter } from './direct-starter.ts';
import { LauncherProcess, type LauncherDeps } from './launcher/launcher-process.ts';

/**
 * Has the commands started by a small process, which copies less memory with each start and does it beside this one. It begins with
 * the first command. Where it cannot be had, or has died, this process starts them: a second one might die as well.
 */
export class LaunchedStarter implements CommandStarter {
  readonly #deps: LauncherDeps;
  readonly #direct: DirectStarter;
  #launcher: LauncherProcess | undefined;
  #isClosed = false;

  constructor(deps: LauncherDeps) {
    this.#deps = deps;
    this.#direct = new DirectStarter(deps.book, deps.environment);
  }

  async start(command: CommandToStart, onOutput: OnOutput): Promise<StartedCommand | undefined> {
    const launcher = (this.#launcher ??= new LauncherProcess(this.#deps));
    await launcher.ready;
    if (this.#isClosed) throw new CommandLost('relpipe ends');
    return (launcher.isAlive ? launcher : this.#direct).start(command, onOutput);
  }

  close(): void {
    this.#isClosed = true;
    this.#launcher?.kill();
  }
}
