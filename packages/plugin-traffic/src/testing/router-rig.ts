import type { Json, Provision } from 'relpipe/plugin';
import type { Router } from '../router-kinds/router.ts';

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
  /** The same, where no router answers. */
  readonly unreachable: RigConfig;
  /** What the router calls the two sides. */
  readonly names: TwoSides<string>;
  /** Where clients connect. */
  readonly url: string;
  /** Changes the weights as somebody does who knows nothing of relpipe. */
  setByHand(percent: TwoSides<number>): Promise<void>;
  /** Absent where a router cannot be prepared for its next start. */
  readonly life?: RouterLife;
  /** Plugins that a pipeline needs beside this one: their folders, built, by package name. */
  readonly plugins: Readonly<Record<string, string>>;
}

/** The router itself ends, and begins again on the same ports; both resolve when it is so. */
interface RouterLife {
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Puts a router between two servers. @param urls `http://127.0.0.1:PORT` of each */
export type OpenRig = (urls: TwoSides<string>) => Promise<RouterRig>;
