import { resolve } from 'node:path';
import { StepError } from 'relpipe/plugin';
import type { FoundRouter } from '../relpipe-router/connect-router.ts';
import type { Address } from '../relpipe-router/setting-reader.ts';
import { checkSettings, type RouterSettings } from '../relpipe-router/settings.ts';
import type { RouterFlags } from '../relpipe-router/start-router.ts';
import type { RouterConfig } from './router.ts';

/** The router that a step wants: its checked settings, and the flags with which it is started. */
export interface WantedRouter {
  readonly settings: RouterSettings;
  readonly flags: RouterFlags;
}

/** @throws {StepError} `TRAFFIC_ROUTER_WEIGHTS_MISSING`, `TRAFFIC_ROUTER_USAGE` with every finding */
export function wantedRouter(config: RouterConfig, workdir: string): WantedRouter {
  const { listen, sides, health } = config;
  const flags: RouterFlags = {
    state: stateFileOf(config, workdir),
    sides,
    weights: config.weights ?? allForStable(sides),
    listen,
    ...(health?.path !== undefined && { 'health-path': health.path }),
    ...(health?.interval !== undefined && { 'health-every': `${health.interval}ms` }),
  };
  const { settings, findings } = checkSettings({ ...flags });
  if (findings.length > 0) throw settingsWrong(findings);
  return { settings, flags };
}

export const stateFileOf = ({ state }: { readonly state?: string }, workdir: string) => resolve(workdir, state ?? '.relpipe/router.json');

/** By the name `stable`, not the first side: the order of a mapping must not decide which side serves. */
function allForStable(sides: RouterConfig['sides']): Readonly<Record<string, number>> {
  const names = Object.keys(sides);
  if (names.length > 1 && !names.includes('stable')) throw weightsMissing(names);
  return Object.fromEntries(names.map((name) => [name, name === 'stable' || names.length === 1 ? 100 : 0]));
}

function weightsMissing(names: readonly string[]): StepError {
  const example = names.map((name, i) => `${name}: ${i === 0 ? 100 : 0}%`).join(', ');
  return new StepError(
    'TRAFFIC_ROUTER_WEIGHTS_MISSING',
    `It is not specified which of ${names.join(', ')} gets the traffic when the router starts for the first time.`,
    { hint: `Set \`weights\`, e.g. \`weights: { ${example} }\`, or name the side that serves now stable.` },
  );
}

const settingsWrong = (findings: readonly string[]) =>
  new StepError('TRAFFIC_ROUTER_USAGE', `The router cannot be started with these settings: ${findings.join('; ')}.`, {
    hint: 'Correct them in `with` of the step.',
  });

/** @throws {StepError} `TRAFFIC_ROUTER_DIFFERS` when the running router is not the wanted one */
export function refuseOther(wanted: WantedRouter, found: FoundRouter): void {
  const others = differences(wanted, found);
  if (others.length === 0) return;
  const { stateFile } = wanted.settings;
  throw new StepError(
    'TRAFFIC_ROUTER_DIFFERS',
    `Another router is running on ${stateFile} (process ${found.status.pid}): ${others.join('; ')}.`,
    {
      hint:
        'It was left as it is. Adapt the step to it, set another `state`, or stop it, which also stops its traffic: '
        + `relpipe-router stop --state ${stateFile}`,
    },
  );
}

/** How the running router differs from the wanted one: where it listens, and its sides. */
export function differences({ settings }: WantedRouter, { status }: FoundRouter): readonly string[] {
  const { host, port } = settings.listen;
  const wanted = new Map([...settings.sides].map(([name, { url }]) => [name, url]));
  const present = new Map(Object.entries(status.sides).map(([name, { url }]) => [name, url]));
  const names = new Set([...wanted.keys(), ...present.keys()]);
  return [
    ...(isAt(settings.listen, status.listen) ? [] : [`it listens on ${status.listen}, not on ${host}:${port}`]),
    ...[...names].flatMap((name) => compareSide(name, wanted.get(name), present.get(name))),
  ];
}

function compareSide(name: string, wanted: string | undefined, present: string | undefined): readonly string[] {
  if (wanted === present) return [];
  if (present === undefined) return [`it has no side ${name}`];
  return [wanted === undefined ? `it has a side ${name} (${present})` : `its side ${name} is ${present}, not ${wanted}`];
}

/** Port 0 accepts any. */
function isAt({ host, port }: Address, listen: string): boolean {
  const [wanted, present] = [new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}`), new URL(listen)];
  return wanted.hostname === present.hostname && (port === 0 || wanted.port === present.port);
}
