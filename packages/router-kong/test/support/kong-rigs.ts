import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { startWeightedProxy } from '@relpipe/testing/weighted-proxy';
import type { Router } from '@relpipe/plugin-traffic/router';
import type { OpenRig, RouterRig, TwoSides } from '@relpipe/plugin-traffic/testing';
import type { Provision } from 'relpipe/plugin';
import { kong, type KongConfig } from '../../src/kong.ts';
import { StandInNode } from '../stand-in/kong-node.ts';

/** Stand-ins for Kong between two servers: one node with a database, or two without. */
export const withDatabase: OpenRig = (urls) => openRig(urls, 1, ([admin = '']) => ({ admin, upstream: 'shop', settle: '0s' }));
export const dbLess: OpenRig = (urls) => openRig(urls, 2, (nodes) => ({ nodes, upstream: 'shop', settle: '0s' }));

async function openRig(urls: TwoSides<string>, count: 1 | 2, configOf: (admins: string[]) => RouterRig['config']): Promise<RouterRig> {
  const names = { stable: new URL(urls.stable).host, candidate: new URL(urls.candidate).host };
  const nodes = Array.from({ length: count }, () => new StandInNode({ [names.stable]: 100, [names.candidate]: 0 }, { database: count === 1 }));
  const admins = await Promise.all(nodes.map((node) => node.start()));
  let request = 0;
  const proxy = await startWeightedProxy(() => nodes[(request += 1) % count]!.targets.map(({ target, weight }) => ({ url: `http://${target}`, weight })));
  return {
    kind: 'kong',
    provision: inMilliseconds,
    config: configOf(admins),
    unreachable: configOf(admins.map((_, n) => `http://127.0.0.1:${n + 1}`)),
    names,
    url: proxy.url,
    async setManually({ stable, candidate }) {
      for (const node of nodes) node.set({ [names.stable]: stable, [names.candidate]: candidate });
    },
    plugins: { '@relpipe/router-kong': dirname(createRequire(import.meta.url).resolve('@relpipe/router-kong/package.json')) },
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      for (const node of nodes) await node[Symbol.asyncDispose]();
    },
  };
}

/** The rig's configuration is as a file has it; a step gets durations as numbers. */
const inMilliseconds: Provision<Router> = { ...kong, open: (config, context) => kong.open({ ...(config as KongConfig), settle: 0 }, context) };
