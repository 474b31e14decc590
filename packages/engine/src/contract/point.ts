import type { Static, TSchema } from 'typebox';
import type { ReadContext } from './context.ts';

/**
 * A place where other packages plug in. The key `router` in `points` of the plugin `traffic` is the point `traffic.router`; a step type uses it
 * with `point('traffic.router', …)` in its `with`.
 */
export interface Point {
  /** One sentence that says what is plugged in. */
  readonly summary: string;
  /** The number of the contract for provisions. It increases only when an older provision would no longer work. */
  readonly contract: number;
  /** By name: the package that provides it, for hints about names that no plugin of a pipeline provides. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

/** An implementation that a plugin provides to a point under a name; `T` is the type that the point requires. */
export interface Provision<T = unknown, C extends TSchema = TSchema> {
  /** One sentence that says what it is. */
  readonly summary: string;
  /** The contract of the point that it is written for. */
  readonly contract: number;
  /** The schema of the settings below its name in the file. */
  readonly with: C;
  /** Called whenever a step needs it. It is never closed, so it must not keep anything open after the context's signal. */
  open(config: Static<C>, context: ReadContext): Promise<T>;
}

/** The value that a step gets when its configuration names a provision. Before the run it is `Later` when any value below the name is. */
export interface Provided<T> {
  /** The name in the file, e.g. `kong`. */
  readonly name: string;
  open(context: ReadContext): Promise<T>;
}
