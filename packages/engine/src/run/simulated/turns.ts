import type { Ms } from '../../model/ms.ts';

interface Player {
  /** When something happens to it next; missing: nothing, until another one has its turn. */
  readonly nextAt: Ms | undefined;
}

/** One virtual time for several simulated runs: the one to which something happens first has the next turn, when all others wait. */
export class Turns {
  #playing: number;
  readonly #waiting = new Map<Player, (isOver: boolean) => void>();

  constructor(players: number) {
    this.#playing = players;
  }

  /** Resolves to whether something happens to it; false when nothing happens to anybody any more. */
  async next(player: Player): Promise<boolean> {
    const turn = Promise.withResolvers<boolean>();
    this.#waiting.set(player, turn.resolve);
    this.#giveTurn();
    return turn.promise;
  }

  /** The player has ended, or was killed. */
  leave(): void {
    this.#playing -= 1;
    this.#giveTurn();
  }

  #giveTurn(): void {
    if (this.#waiting.size === 0 || this.#waiting.size < this.#playing) return;
    const [first] = [...this.#waiting.keys()].sort((one, other) => (one.nextAt ?? Infinity) - (other.nextAt ?? Infinity));
    if (first === undefined) return;
    const resolve = this.#waiting.get(first);
    this.#waiting.delete(first);
    resolve?.(first.nextAt !== undefined);
  }
}
