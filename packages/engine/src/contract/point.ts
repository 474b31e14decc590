import type { Static, TSchema } from 'typebox';
import type { ReadContext } from './context.ts';

/**
 * Where other packages plug in. Under the key `router` in `points` of the plugin `traffic` it is called `traffic.router`; a step type asks
 * for it with `point('traffic.router', …)` in its `with`.
 */
export interface Point {
  /** One sentence: what is plugged in. */
  readonly summary: string;
  /** The number of what a provision has to give. It grows only when an old provision would no longer work. */
  readonly contract: number;
  /** The package that provides a name, for hints about names that no plugin of a pipeline provides. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

/** What a plugin provides to a point under one name; `T` is what the point is there for. */
export interface Provision<T = unknown, C extends TSchema = TSchema> {
  /** One sentence: what it is. */
  readonly summary: string;
  /** The contract of the point that it is written for. */
  readonly contract: number;
  /** What stands below its name in the file. */
  readonly with: C;
  /** Called whenever a step needs it; nothing closes it, so it holds nothing open beyond the context's signal. */
  open(config: Static<C>, context: ReadContext): Promise<T>;
}

/** What a step gets where its configuration names a provision. Before the run it is `Later` when something below the name is. */
export interface Provided<T> {
  /** As the file says it, e.g. `kong`. */
  readonly name: string;
  open(context: ReadContext): Promise<T>;
}
