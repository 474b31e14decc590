import type { Json, Provision } from 'relpipe/plugin';
import type { Router } from '../routers/router.ts';

/** One value for each of the two sides. */
export interface TwoSides<Value> {
  readonly stable: Value;
  readonly candidate: Value;
}

/** `with` of a provision, e.g. `{ state: '/tmp/router.json' }`; plain data, so that it can be written into a pipeline. */
export type RigConfig = Readonly<Record<string, Json>>;

/** A real router between two servers, all of its traffic on stable. */
export interface RouterRig extends AsyncDisposable {
  /** What is provided to the point `traffic.router`, and under which name. */
  readonly provision: Provision<Router>;
  readonly kind: string;
  readonly config: RigConfig;
  /** A configuration at which no router answers. */
  readonly unreachable: RigConfig;
  /** The router's names for the two sides. */
  readonly names: TwoSides<string>;
  /** Where clients connect. */
  readonly url: string;
  /** Changes the weights without relpipe. */
  setManually(percent: TwoSides<number>): Promise<void>;
  /** Absent where a router cannot be prepared for its next start. */
  readonly routerProcess?: RouterProcess;
  /** Plugins that a pipeline needs besides this one: their folders, built, by package name. */
  readonly plugins: Readonly<Record<string, string>>;
}

/** Stops the router itself, and starts it again on the same ports; both resolve when that is done. */
interface RouterProcess {
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Puts a router between two servers. @param urls `http://127.0.0.1:PORT` of each */
export type OpenRig = (urls: TwoSides<string>) => Promise<RouterRig>;

/** A rule for every kind of router. The sentence is the title of a test; `holds` rejects when the router violates it. */
export interface RouterRule {
  readonly sentence: string;
  /** Only for routers that can do this. */
  readonly needs?: 'measure' | 'nextStart';
  readonly holds: (openRig: OpenRig) => Promise<void>;
}
