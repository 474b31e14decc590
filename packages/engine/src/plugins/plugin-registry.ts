import type { CompositeType, MetricType, ReporterType, StepType } from '../contract/index.ts';

/** Where a plugin came from. */
export interface LoadedPlugin {
  readonly package: string;
  /** Prefix of its types. */
  readonly name: string;
  readonly version: string;
}

/** Everything the loaded plugins and the built-in one give, by full name (`docker.promote`). */
export interface PluginRegistry {
  readonly plugins: readonly LoadedPlugin[];
  readonly steps: ReadonlyMap<string, StepType>;
  readonly metrics: ReadonlyMap<string, MetricType>;
  readonly composites: ReadonlyMap<string, CompositeType>;
  readonly reporters: ReadonlyMap<string, ReporterType>;
  /** A package could not be loaded: an unknown type may be one of its own, and only the package is reported. */
  readonly incomplete?: boolean;
}
