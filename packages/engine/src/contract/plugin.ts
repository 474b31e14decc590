import type { ChannelType } from './channel-type.ts';
import type { CompositeType } from './composite-type.ts';
import type { GroupType } from './group-type.ts';
import type { MetricType } from './metric-type.ts';
import type { Point, Provision } from './point.ts';
import type { StepType } from './step-type.ts';

/** The number of this contract. It increases only when an older plugin would no longer work. */
export const contractNumber = 1;

/** The default export of a plugin package. `name` is the prefix of its types in a pipeline: `docker` and `promote` make `docker.promote`. */
export interface Plugin {
  readonly name: string;
  readonly contract: typeof contractNumber;
  readonly steps?: Readonly<Record<string, StepType>>;
  readonly metrics?: Readonly<Record<string, MetricType>>;
  readonly composites?: Readonly<Record<string, CompositeType>>;
  readonly channels?: Readonly<Record<string, ChannelType>>;
  readonly groups?: Readonly<Record<string, GroupType>>;
  readonly points?: Readonly<Record<string, Point>>;
  /** By the full name of the point, then by the name in the file: `{ 'traffic.router': { kong } }`. */
  readonly provides?: Readonly<Record<string, Readonly<Record<string, Provision>>>>;
}

/** Returns its argument unchanged; it exists for the types. */
export const definePlugin = (plugin: Plugin): Plugin => plugin;
