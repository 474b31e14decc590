import type { SideUnits } from '../../units/percent-from-units.ts';
import { readDirectives, walk, type Word } from './directives.ts';

/** A `server` of an upstream that is given requests by its weight. */
export interface UpstreamServer {
  /** As it stands in the file, e.g. `127.0.0.1:9001`. */
  readonly address: Word;
  /** What stands behind it, e.g. `weight=5` and `max_fails=0`. */
  readonly parameters: readonly Word[];
}

/** The servers of the upstream, without those that are only a `backup`; undefined where there is no such upstream. */
export function findServers(conf: string, upstream: string): readonly UpstreamServer[] | undefined {
  const found = [...walk(readDirectives(conf))].find(({ words: [kind, name], block }) => kind?.text === 'upstream' && name?.text === upstream && block !== undefined);
  return found?.block?.flatMap(({ words: [kind, address, ...parameters] }) => {
    const isServer = kind?.text === 'server' && address !== undefined && !parameters.some(({ text }) => text === 'backup');
    return isServer ? [{ address, parameters }] : [];
  });
}

/** The weight that counts: none for a server that is `down`, 1 where the file says nothing. */
export function unitsOf(servers: readonly UpstreamServer[]): SideUnits {
  return Object.fromEntries(
    servers.map(({ address, parameters }) => {
      const weight = parameters.find(isWeight)?.text.slice('weight='.length) ?? '1';
      return [address.text, parameters.some(isDown) ? 0 : Number(weight)];
    }),
  );
}

/** The same text but for the weights: nothing else moves, and a server without one becomes `down`, which nginx has in place of a weight of 0. */
export function withUnits(conf: string, servers: readonly UpstreamServer[], units: SideUnits): string {
  const edits = servers.flatMap((server) => editsFor(server, units[server.address.text] ?? 0, conf));
  return edits
    .toSorted((a, b) => b.from - a.from || b.to - a.to)
    .reduce((text, { from, to, text: by }) => text.slice(0, from) + by + text.slice(to), conf);
}

const isWeight = ({ text }: Word) => text.startsWith('weight=');
const isDown = ({ text }: Word) => text === 'down';

function editsFor({ address, parameters }: UpstreamServer, unit: number, conf: string): readonly Word[] {
  const [weight, down] = [parameters.find(isWeight), parameters.find(isDown)];
  if (unit === 0) return down === undefined ? [insertedAt((parameters.at(-1) ?? address).to, ' down')] : [];
  const said = `weight=${unit}`;
  return [
    weight === undefined ? insertedAt(address.to, ` ${said}`) : { ...weight, text: said },
    ...(down === undefined ? [] : [{ from: startOfBlanks(conf, down.from), to: down.to, text: '' }]),
  ];
}

const insertedAt = (place: number, text: string): Word => ({ from: place, to: place, text });

/** On the same line: what ends the line before may be a comment. */
const startOfBlanks = (text: string, end: number) => text.slice(0, end).replace(/[ \t]+$/, '').length;
