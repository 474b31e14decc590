import { BlockList, isIPv6 } from 'node:net';
import { resolve } from 'node:path';
import type { SideWeights } from '../routers/router.ts';
import { defaultTimeouts, type Timeouts } from './data-path/timeouts.ts';
import type { Origin } from './data-path/upstream.ts';
import { defaultHealthCheck, type HealthCheck } from './health.ts';
import { parseWeights } from './parse-weights.ts';
import { RouterError } from './router-error.ts';
import { SettingReader, type Address } from './setting-reader.ts';

/** The settings with which a router starts. */
export interface RouterSettings {
  readonly listen: Address;
  /** Loopback only. */
  readonly control: Address;
  /** By name, in the order given; at least one. */
  readonly sides: ReadonlyMap<string, Origin>;
  /** For the first start; afterwards the state file decides. */
  readonly initialWeights: SideWeights;
  /** Use `initialWeights`, whatever the state file contains. */
  readonly resetsWeights: boolean;
  /** Absolute, like all paths here: they are written to disk, and read from other folders. */
  readonly stateFile: string;
  /** Default: the state file's name with `.token` appended. */
  readonly tokenFile: string;
  readonly health: HealthCheck;
  readonly timeouts: Timeouts;
  readonly failover: boolean;
}

/**
 * Checks raw settings, as from flags or a file, and fills in the defaults.
 * @throws RouterError TRAFFIC_ROUTER_USAGE with every finding
 */
export function buildSettings(raw: Readonly<Record<string, unknown>>): RouterSettings {
  const { settings, findings } = checkSettings(raw);
  if (findings.length > 0) throw cannotStart(findings);
  return settings;
}

/** The settings with every finding; the settings are usable only when there is no finding. */
export function checkSettings(raw: Readonly<Record<string, unknown>>): {
  readonly settings: RouterSettings;
  readonly findings: readonly string[];
} {
  const reader = new SettingReader(raw, settingNames);
  const sides = reader.sides('sides');
  const hasUsableSides = reader.findings.length === 0;
  const state = reader.text('state') ?? '';
  const stateFile = resolve(state);
  if (state === '') reader.findings.push('there is no state file; specify --state FILE');
  const settings: RouterSettings = {
    listen: reader.address('listen'),
    control: reader.address('control'),
    sides,
    initialWeights: hasUsableSides ? weightsFrom(reader, [...sides.keys()]) : {},
    resetsWeights: reader.isSet('reset-weights'),
    stateFile,
    tokenFile: resolve(reader.text('token-file') ?? `${stateFile}.token`),
    health: healthFrom(reader),
    timeouts: timeoutsFrom(reader),
    failover: reader.isSet('failover'),
  };
  const { host } = settings.control;
  if (!isLoopback(host)) reader.findings.push(`the control endpoint must be on a loopback address; found ${host}, use 127.0.0.1`);
  return { settings, findings: reader.findings };
}

const cannotStart = (findings: readonly string[]) =>
  new RouterError(
    'TRAFFIC_ROUTER_USAGE',
    `The router cannot start:\n  - ${findings.join('\n  - ')}`,
    'Correct them; relpipe-router --help lists every flag.',
  );

const settingNames = [
  'listen', 'control', 'sides', 'weights', 'reset-weights', 'state', 'token-file', 'failover',
  'health-path', 'health-every', 'health-timeout', 'health-rise', 'health-fall',
  'connect-timeout', 'answer-timeout', 'client-head-timeout', 'client-idle', 'upstream-idle', 'shutdown-timeout',
];

function weightsFrom(reader: SettingReader, sides: readonly string[]): SideWeights {
  const given = reader.value('weights');
  if (given === undefined) return Object.fromEntries(sides.map((side, i) => [side, i === 0 ? 100 : 0]));
  try {
    return parseWeights(given, sides);
  } catch (error) {
    if (!(error instanceof RouterError)) throw error;
    reader.findings.push(error.message);
    return {};
  }
}

function healthFrom(reader: SettingReader) {
  const path = reader.text('health-path');
  if (path !== undefined && !/^\/[\x21-\x7e]*$/.test(path))
    reader.findings.push(`"health-path" is ${path}; it must start with / and must not contain blanks`);
  return {
    ...(path !== undefined && { path }),
    everyMs: reader.durationMs('health-every', defaultHealthCheck.everyMs),
    timeoutMs: reader.durationMs('health-timeout', defaultHealthCheck.timeoutMs),
    rise: reader.count('health-rise', defaultHealthCheck.rise),
    fall: reader.count('health-fall', defaultHealthCheck.fall),
  };
}

const timeoutsFrom = (reader: SettingReader) => ({
  connectMs: reader.durationMs('connect-timeout', defaultTimeouts.connectMs),
  answerMs: reader.durationMs('answer-timeout', defaultTimeouts.answerMs),
  clientHeadMs: reader.durationMs('client-head-timeout', defaultTimeouts.clientHeadMs),
  clientIdleMs: reader.durationMs('client-idle', defaultTimeouts.clientIdleMs),
  upstreamIdleMs: reader.durationMs('upstream-idle', defaultTimeouts.upstreamIdleMs),
  shutdownMs: reader.durationMs('shutdown-timeout', defaultTimeouts.shutdownMs),
});

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
const isLoopback = (host: string) => loopback.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
