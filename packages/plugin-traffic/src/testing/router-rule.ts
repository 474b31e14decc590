import type { OpenRig } from './router-rig.ts';

/** What every kind of router holds to. The sentence is the name of a test; `holds` rejects where it does not. */
export interface RouterRule {
  readonly sentence: string;
  /** Only for routers that can do this. */
  readonly needs?: 'measure' | 'nextStart';
  readonly holds: (openRig: OpenRig) => Promise<void>;
}
