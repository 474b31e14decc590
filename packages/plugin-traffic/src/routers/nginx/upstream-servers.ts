import type { SideUnits } from '../units.ts';
import { readDirectives, walk, type Directive, type Word } from './nginx-conf.ts';

/** A `server` of an upstream. Several with one address are one side. */
export interface UpstreamServer {
  /** As it is written in the file, e.g. `127.0.0.1:9001`. */
  readonly address: Word;
  /** What follows it, e.g. `weight=5` and `max_fails=0`. */
  readonly parameters: readonly Word[];
}

/** What a file says about an upstream. */
export interface UpstreamContent {
  /** Those that get requests by their weights. */
  readonly servers: readonly UpstreamServer[];
  /** Addresses that are asked only while no other server is. */
  readonly backups: readonly string[];
  /** Files from which servers come as well. */
  readonly includes: readonly Word[];
  /** Chooses by something else than the order of requests: `hash` or `ip_hash`. */
  readonly hash?: string;
  /** It is in a file without the upstream, whose servers are included there. */
  readonly isIncluded: boolean;
}

/** Undefined where the file has neither the upstream nor servers to include in one. */
export function findUpstream(conf: string, upstream: string): UpstreamContent | undefined {
  const directives = readDirectives(conf);
  const found = findBlock(directives, upstream);
  const isIncluded = ![...walk(directives)].some(({ block }) => block !== undefined) && serversIn(directives).length > 0;
  const content = found ?? (isIncluded ? directives : undefined);
  if (content === undefined) return undefined;
  const servers = serversIn(content);
  const hash = content.find(({ words: [kind] }) => kind?.text === 'hash' || kind?.text === 'ip_hash');
  return {
    servers: servers.filter((server) => !isBackup(server)),
    backups: servers.filter(isBackup).map(({ address }) => address.text),
    includes: content.flatMap(({ words: [kind, file] }) => (kind?.text === 'include' && file !== undefined ? [file] : [])),
    ...(hash !== undefined && { hash: hash.words.map(({ text }) => text).join(' ') }),
    isIncluded: found === undefined,
  };
}

/** The block of an upstream. */
export const findBlock = (directives: readonly Directive[], upstream: string): readonly Directive[] | undefined =>
  [...walk(directives)].find(({ words: [kind, name], block }) => kind?.text === 'upstream' && name?.text === upstream && block !== undefined)
    ?.block;

const serversIn = (directives: readonly Directive[]): readonly UpstreamServer[] =>
  directives.flatMap(({ words: [kind, address, ...parameters], block }) =>
    kind?.text === 'server' && address !== undefined && block === undefined ? [{ address, parameters }] : [],
  );

/** The effective weights of sides: 0 for a line that is `down`, 1 where it does not have one, and for each address of its name once. */
export function unitsOf(servers: readonly UpstreamServer[], addresses: SideUnits = {}): SideUnits {
  return sumBySide(servers, (server) => (isDown(server) ? 0 : weightOf(server)) * (addresses[server.address.text] ?? 1));
}

/** How large sides are, also those that are `down`. */
export const sizesOf = (servers: readonly UpstreamServer[], addresses: SideUnits): SideUnits =>
  sumBySide(servers, (server) => weightOf(server) * (addresses[server.address.text] ?? 1));

/** How many times the weight counts that `withUnits` writes for a side: in each of its lines, for each address of its name. */
export const copiesOf = (servers: readonly UpstreamServer[], addresses: SideUnits): SideUnits =>
  sumBySide(usedLines(servers), ({ address }) => addresses[address.text] ?? 1);

function sumBySide(servers: readonly UpstreamServer[], unitsOfLine: (server: UpstreamServer) => number): SideUnits {
  const sums: Record<string, number> = {};
  for (const server of servers) sums[server.address.text] = (sums[server.address.text] ?? 0) + unitsOfLine(server);
  return sums;
}

/** Of a side with several lines, those that are not `down`, where there are any: somebody has taken the other ones out. */
function usedLines(servers: readonly UpstreamServer[]): readonly UpstreamServer[] {
  const used = new Set(servers.filter((server) => !isDown(server)).map(({ address }) => address.text));
  return servers.filter((server) => !isDown(server) || !used.has(server.address.text));
}

/**
 * The same text with other weights: nothing else moves, and a server without one becomes `down`, which nginx has in place of a weight of 0.
 * @param units for each used line of a side
 */
export function withUnits(conf: string, servers: readonly UpstreamServer[], units: SideUnits): string {
  const edits = usedLines(servers).flatMap((server) => editsFor(server, units[server.address.text] ?? 0, conf));
  return edits
    .toSorted((a, b) => b.from - a.from || b.to - a.to)
    .reduce((text, { from, to, text: replacement }) => text.slice(0, from) + replacement + text.slice(to), conf);
}

function editsFor({ address, parameters }: UpstreamServer, unit: number, conf: string): readonly Word[] {
  const [weight, down] = [parameters.find(isWeight), parameters.find(isDownWord)];
  if (unit === 0) return down === undefined ? [insertedAt((parameters.at(-1) ?? address).to, ' down')] : [];
  const text = `weight=${unit}`;
  return [
    weight === undefined ? insertedAt(address.to, ` ${text}`) : { ...weight, text },
    ...(down === undefined ? [] : [{ from: startOfBlanks(conf, down.from), to: down.to, text: '' }]),
  ];
}

const isWeight = ({ text }: Word) => text.startsWith('weight=');
const isDownWord = ({ text }: Word) => text === 'down';
const isDown = ({ parameters }: UpstreamServer) => parameters.some(isDownWord);
const isBackup = ({ parameters }: UpstreamServer) => parameters.some(({ text }) => text === 'backup');
const weightOf = ({ parameters }: UpstreamServer) => Number(parameters.find(isWeight)?.text.slice('weight='.length) ?? '1');

const insertedAt = (place: number, text: string): Word => ({ from: place, to: place, text });

/** On the same line: the line before may end with a comment. */
const startOfBlanks = (text: string, end: number) => text.slice(0, end).replace(/[ \t]+$/, '').length;
