import type { ObjectKind } from '../cluster/cluster.ts';

/** One destination of a route, and its share of the sum of all weights. */
export interface Destination {
  /** Among the destinations of its route. */
  readonly name: string;
  /** Where its server listens, or whatever else tells it apart. */
  readonly url: string;
  readonly weight: number;
}

/** How an object of Kubernetes divides traffic. Objects are as the cluster gives them. */
export interface RouteKind extends ObjectKind {
  /** What weights add up to. */
  readonly total: number;
  /** @throws {StepError} when the object has no such route, or not only one */
  destinations(object: object): readonly Destination[];
  /** The object with other weights, in the order of `destinations`, and nothing else changed. */
  withWeights(object: object, weights: readonly number[]): object;
  /**
   * The same in a shell: a program for jq that gives the destinations these weights, by their names or URLs, and fails for one that has none.
   */
  jq(weights: Readonly<Record<string, number>>): string;
  /** Whether its controller has taken up the object as it is; absent where controllers do not say. @throws {StepError} when it has refused it */
  isTakenUp?(object: object): boolean;
}
