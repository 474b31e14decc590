import type { Weights } from '../weights.ts';

/** Raw settings by the names of their flags, of those that are given to a router that is started for somebody. */
export interface RouterFlags {
  /** An absolute path. */
  readonly state: string;
  /** URL per side. */
  readonly sides: Readonly<Record<string, string>>;
  /** For the first start on this state file; default: all on the first side. */
  readonly weights?: Weights;
  readonly listen?: string;
  readonly 'health-path'?: string;
  /** A duration with its unit. */
  readonly 'health-every'?: string;
  readonly 'reset-weights'?: boolean;
}

/** As `relpipe-router` reads them. */
export function printFlags({ sides, weights, 'reset-weights': resets, ...plain }: RouterFlags): readonly string[] {
  return [
    ...Object.entries(sides).flatMap(([name, url]) => ['--side', `${name}=${url}`]),
    ...(weights === undefined ? [] : ['--weights', Object.entries(weights).map(([name, weight]) => `${name}=${weight}`).join(',')]),
    ...Object.entries(plain).flatMap(([name, value]) => [`--${name}`, value]),
    ...(resets === true ? ['--reset-weights'] : []),
  ];
}
