import { parseArgs } from 'node:util';
import { messageOf } from '../message-of.ts';
import { RouterError } from '../router-error.ts';
import { buildSettings } from './build-settings.ts';
import { readConfig } from './read-config.ts';
import type { RouterSettings } from './router-settings.ts';
import type { Weights } from '../weights.ts';
import { usage } from './usage.ts';

/** What the command line asks for. */
export type RouterCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'start'; readonly settings: RouterSettings }
  | { readonly kind: 'stop'; readonly stateFile: string }
  | { readonly kind: 'status'; readonly stateFile: string }
  | { readonly kind: 'set'; readonly stateFile: string; readonly weights: Weights };

/**
 * Reads flags and, with `--config`, a file; flags win.
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

const readWeights = (words: string): Weights => numbers(pairs('--weights', words.split(',')));

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
  'connect-timeout': text, 'answer-timeout': text, 'client-head-timeout': text, 'client-idle': text, 'upstream-idle': text, 'shutdown-timeout': text,
  failover: { type: 'boolean' }, 'reset-weights': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' },
} as const;

function pairs(flag: string, words: readonly string[]): Record<string, string> {
  const entries = words.map((word): [string, string] => {
    const at = word.indexOf('=');
    if (at < 1) throw new RouterError('TRAFFIC_ROUTER_USAGE', `${flag} got "${word}" instead of name=value.`, usage);
    return [word.slice(0, at), word.slice(at + 1)];
  });
  const twice = entries.find(([name], i) => entries.findIndex(([other]) => other === name) !== i);
  if (twice !== undefined) throw new RouterError('TRAFFIC_ROUTER_USAGE', `${flag} names "${twice[0]}" twice.`, usage);
  return Object.fromEntries(entries);
}

const numbers = (values: Record<string, string>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim() === '' ? Number.NaN : Number(value.replace(/%$/, ''))]));
