import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { messageOf } from 'relpipe/plugin/toolkit';
import type { SideWeights } from '../routers/router.ts';
import { isRecord } from './parse-weights.ts';
import { RouterError } from './router-error.ts';
import { buildSettings, type RouterSettings } from './settings.ts';

/** A command line, understood. */
type RouterCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'start'; readonly settings: RouterSettings }
  | { readonly kind: 'stop'; readonly stateFile: string }
  | { readonly kind: 'status'; readonly stateFile: string }
  | { readonly kind: 'set'; readonly stateFile: string; readonly weights: SideWeights };

/**
 * Reads flags and, with `--config`, a file; flags take precedence.
 * @throws RouterError TRAFFIC_ROUTER_USAGE with every finding on a line of its own
 */
export async function parseArguments(args: readonly string[]): Promise<RouterCommand> {
  const [word, ...rest] = args;
  if (word === 'stop' || word === 'status') return { kind: word, stateFile: readStateFile(word, rest) };
  if (word === 'set') return readSet(rest);
  const flags = readFlags(() => parseArgs({ args: [...args], options: flagOptions, strict: true, allowPositionals: false }).values);
  if (flags.help === true) return { kind: 'help' };
  if (flags.version === true) return { kind: 'version' };
  const { config, side, weights, ...plain } = flags;
  const fromFile = config === undefined ? {} : await readConfig(config);
  const fromFlags = {
    ...plain,
    ...(side !== undefined && { sides: pairs('--side', side) }),
    ...(weights !== undefined && { weights: readWeights(weights) }),
  };
  return { kind: 'start', settings: buildSettings({ ...fromFile, ...fromFlags }) };
}

function readStateFile(word: string, args: readonly string[]): string {
  const { state } = readFlags(() => parseArgs({ args: [...args], options: { state: text } }).values);
  if (state === undefined || state === '') throw new RouterError('TRAFFIC_ROUTER_USAGE', `${word} needs --state FILE.`, usage);
  return state;
}

function readSet(args: readonly string[]): RouterCommand {
  const { state, weights } = readFlags(() => parseArgs({ args: [...args], options: { state: text, weights: text } }).values);
  if (!state || !weights) throw new RouterError('TRAFFIC_ROUTER_USAGE', 'set needs --state FILE and --weights A=90,B=10.', usage);
  return { kind: 'set', stateFile: state, weights: readWeights(weights) };
}

const readWeights = (words: string): SideWeights => numbers(pairs('--weights', words.split(',')));

function readFlags<Flags>(read: () => Flags): Flags {
  try {
    return read();
  } catch (error) {
    throw new RouterError('TRAFFIC_ROUTER_USAGE', messageOf(error), usage);
  }
}

const text = { type: 'string' } as const;
const flagOptions = {
  listen: text, control: text, weights: text, state: text, 'token-file': text, config: text,
  side: { type: 'string', multiple: true },
  'health-path': text, 'health-every': text, 'health-timeout': text, 'health-rise': text, 'health-fall': text,
  'connect-timeout': text, 'answer-timeout': text, 'client-head-timeout': text, 'client-idle': text,
  'upstream-idle': text, 'shutdown-timeout': text,
  failover: { type: 'boolean' }, 'reset-weights': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' },
} as const;

function pairs(flag: string, words: readonly string[]): Record<string, string> {
  const entries = words.map((word): [string, string] => {
    const at = word.indexOf('=');
    if (at < 1) throw new RouterError('TRAFFIC_ROUTER_USAGE', `${flag} takes name=value; found "${word}".`, usage);
    return [word.slice(0, at), word.slice(at + 1)];
  });
  const duplicate = entries.find(([name], i) => entries.findIndex(([other]) => other === name) !== i);
  if (duplicate !== undefined) throw new RouterError('TRAFFIC_ROUTER_USAGE', `${flag} contains "${duplicate[0]}" more than once.`, usage);
  return Object.fromEntries(entries);
}

const numbers = (values: Record<string, string>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value.trim() === '' ? Number.NaN : Number(value.replace(/%$/, ''))]),
  );

/** Reads a configuration file: one JSON object. @throws RouterError TRAFFIC_ROUTER_USAGE */
async function readConfig(path: string): Promise<Record<string, unknown>> {
  const value = parse(path, await read(path));
  if (!isRecord(value)) throw unusable(path, 'it is not a JSON object');
  return { ...value };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unusable(path, messageOf(error));
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unusable(path, messageOf(error));
  }
}

const unusable = (path: string, because: string) =>
  new RouterError(
    'TRAFFIC_ROUTER_USAGE',
    `The configuration file ${path} cannot be used: ${because}.`,
    'Write one JSON object whose keys are the names of flags: relpipe-router --help lists them.',
  );

/** The whole help text of `relpipe-router`. */
export const usage = `relpipe-router --side NAME=http://HOST:PORT … --state FILE [flags]

A weighted HTTP/1.1 reverse proxy between two or more sides.

relpipe-router status --state FILE                    print the weights and the health of the sides
relpipe-router set --state FILE --weights A=90,B=10   set the weights, also over somebody else's change
relpipe-router stop --state FILE                      finish the requests in flight and stop the router

  --side NAME=URL          a side; one flag per side, the first gets all traffic on the first start
  --state FILE             where weights are kept; a restarted router continues with them
  --listen HOST:PORT       where clients connect                     (127.0.0.1:0, a free port)
  --control HOST:PORT      control endpoint, loopback only           (127.0.0.1:0, a free port)
  --weights A=90,B=10      percent per side for the first start; together 100
  --reset-weights          start with --weights, whatever the state file contains
  --token-file FILE        bearer token of the control endpoint, mode 0600   (FILE of --state with .token)
                           or set RELPIPE_ROUTER_TOKEN; created when there is none
  --config FILE            a JSON file with these names without leading dashes; "sides" and "weights" are objects
  --failover               send the requests of an unhealthy side to a healthy one (never by default:
                           a share that changes by itself hides failures from the gates)

  --health-path PATH       GET this on each side; 2xx and 3xx are good      (none: a TCP connection)
  --health-every 2s  --health-timeout 1s  --health-rise 2  --health-fall 3
  --connect-timeout 2s  --answer-timeout 60s  --client-head-timeout 15s
  --client-idle 75s  --upstream-idle 4s  --shutdown-timeout 10s
  --help  --version`;
