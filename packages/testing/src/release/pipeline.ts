import type { ControlProxy } from './control-proxy.ts';
import type { RouterProcess } from './router-process.ts';
import type { Service } from './service.ts';

/** What a release moves traffic with, and between what. */
interface Between {
  readonly controlProxy: ControlProxy;
  readonly router: RouterProcess;
  readonly candidate: Service;
}

interface Phase {
  readonly weight: number;
  readonly hold: string;
}

export interface Release {
  readonly phases?: readonly Phase[];
  /** Of the canary, e.g. `{ ramp: [50%, 10%], hold: 1s }`. */
  readonly rollback?: string;
  /** Gates that the canary waits for before it gives the candidate more. */
  readonly waitFor?: string;
  readonly threshold?: string;
  /** Entries of the canary's gates. */
  readonly gates?: string;
  /** How relpipe finds the router; default: through the control proxy. */
  readonly router?: string;
  /** The only metric of the gate; default: the share of 5xx in the candidate's own metrics. */
  readonly metric?: string;
  readonly every?: string;
  /** Steps instead of the canary. */
  readonly steps?: readonly string[];
  /** Further stages, or further keys of the file. */
  readonly more?: string;
}

/** The pipeline file of a release; default: a canary with two weights, each held for a second while a gate watches. */
export function pipelineOf({ controlProxy, router, candidate }: Between, release: Release): string {
  const { phases = [{ weight: 25, hold: '1s' }, { weight: 100, hold: '1s' }], rollback, threshold = '{ max: 10% }', gates = 'health', waitFor } = release;
  const errors = `{ uses: prometheus.scrape, unit: ratio, with: ${errorsOf(`target: "${candidate.url}/metrics"`)}, threshold: ${threshold}, no-data: inconclusive }`;
  const place = `{ embedded: ${release.router ?? `{ control: "${controlProxy.url}", token-file: "${router.stateFile}.token" }`} }`;
  const canary = `
      - id: canary
        uses: traffic.canary
        with:
          router: ${place}
          stable: stable
          candidate: candidate
          phases: [${phases.map(({ weight, hold }) => `{ weight: ${weight}%, hold: ${hold} }`).join(', ')}]
${waitFor === undefined ? '' : `          wait-for: [${waitFor}]\n`}${rollback === undefined ? '' : `          rollback: ${rollback}\n`}        gates: [${gates}]`;
  return `
relpipe: 1
name: release
plugins: { "@relpipe/plugin-traffic": "*", "@relpipe/plugin-prometheus": "*" }
defaults: { retry: { attempts: 3, backoff: 200ms..1s } }
gates:
  health:
    every: ${release.every ?? '250ms'}
    metrics:
      errors: ${release.metric ?? errors}
stages:
  release:
    steps:${release.steps?.map((step) => `\n      - ${step.replace('ROUTER', place)}`).join('') ?? canary}
${release.more ?? ''}`;
}

/** A `traffic.shift` step. With `only-down` it does not wait until the share is served. */
export const shiftTo = (id: string, weight: number, more = ''): string =>
  `{ id: ${id}, uses: traffic.shift, with: { router: ROUTER, stable: stable, candidate: candidate, weight: ${weight}%${more} } }`;

/** The `with` of the share of 5xx in the metrics of the targets. */
export const errorsOf = (targets: string): string =>
  `{ ${targets}, ratio: { of: 'http_requests_total{code=~"5.."}', to: http_requests_total }, window: 1s, timeout: 900ms }`;
