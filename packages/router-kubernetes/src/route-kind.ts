import { StepError } from 'relpipe/plugin';
import type { ObjectKind } from './cluster.ts';

/** One destination of a route, and its share of the sum of all weights. */
export interface Destination {
  /** Unique among the destinations of its route. */
  readonly name: string;
  /** Where its server listens, or what else identifies it. */
  readonly url: string;
  readonly weight: number;
}

/** How an object of Kubernetes divides traffic. Objects are as the cluster returns them. */
export interface RouteKind extends ObjectKind {
  /** The sum of all weights. */
  readonly total: number;
  /** @throws {StepError} when the object has no such route, or not only one */
  destinations(object: object): readonly Destination[];
  /** The object with other weights, in the order of `destinations`; nothing else changes. */
  withWeights(object: object, weights: readonly number[]): object;
  /**
   * The same for a shell: a program for jq that sets these weights by the names or URLs of destinations, and fails for a destination
   * without one.
   */
  jq(weights: Readonly<Record<string, number>>): string;
  /**
   * Whether its controllers use the object as it is; absent where controllers do not report that.
   * @throws {StepError} when one has rejected it
   */
  isApplied?(object: object): boolean;
}

/** Names by the first of several ways in which every thing has a name and all names differ; numbers from 1 where there is none. */
export function distinctNames<T>(things: readonly T[], ...ways: readonly ((thing: T) => string | undefined)[]): readonly string[] {
  for (const way of ways) {
    const names = things.flatMap((thing) => way(thing) ?? []);
    if (new Set(names).size === things.length) return names;
  }
  return things.map((_, n) => String(n + 1));
}

interface Named {
  readonly name?: string | undefined;
}

/** The rule with the wanted name, or the only one. @throws {StepError} `KUBERNETES_RULE_UNKNOWN`, `KUBERNETES_RULE_UNNAMED` */
export function findRule(
  rules: readonly Named[],
  wanted: string | undefined,
  of: { readonly object: string; readonly key: string },
): number {
  const names = rules.flatMap(({ name }) => name ?? []);
  const list =
    names.length === 0
      ? `None of them has a name: name the one that divides traffic, and set its name in \`${of.key}\`.`
      : `Set one of its names in \`${of.key}\`: ${names.join(', ')}.`;
  if (wanted === undefined && rules.length === 1) return 0;
  if (wanted === undefined) {
    throw new StepError(
      'KUBERNETES_RULE_UNNAMED',
      `${of.object} has ${rules.length} rules, and \`${of.key}\` does not specify which of them divides traffic.`,
      { hint: list },
    );
  }
  const found = rules.findIndex(({ name }) => name === wanted);
  if (found === -1) throw new StepError('KUBERNETES_RULE_UNKNOWN', `${of.object} has no rule named ${wanted}.`, { hint: list });
  return found;
}

/**
 * A program for jq: every destination at `path` gets the weight of the first of its names that has one. A destination without a weight is
 * an error, so that nothing is written back.
 * @param names filters on a destination
 */
export function jqForWeights(path: string, weights: Readonly<Record<string, number>>, names: readonly string[]): string {
  const weight = names.map((name) => `$weights[${name} // ""]`).join(' // ');
  return `${JSON.stringify(weights)} as $weights | ${path} |= (.weight = (${weight} // error("no weight for \\(.)")))`;
}

/** The rule at `path` with this name, or the only one. */
export const jqRule = (path: string, name: string | undefined): string =>
  name === undefined ? path : `(${path} | select(.name == ${JSON.stringify(name)}))`;

/** The object is not of this kind, or its rule sends traffic nowhere. */
export const unreadableRoute = (kind: string, problem: string) =>
  new StepError('KUBERNETES_ROUTE_UNREADABLE', `The ${kind} ${problem}.`, {
    hint: 'Add both sides to its rule, the candidate with weight 0 before the release.',
  });
