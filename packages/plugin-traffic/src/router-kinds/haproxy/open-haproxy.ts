import { resolve } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';
import type { Router } from '../router.ts';
import type { HaproxyConfig } from './haproxy-config.ts';
import { HaproxyRouter } from './haproxy-router.ts';
import { RuntimeApi, type RuntimePlace } from './runtime-api.ts';
import { StateFile } from './state-file.ts';

/** Nothing is asked of it yet. @throws {StepError} `TRAFFIC_HAPROXY_PLACE_UNCLEAR` */
export async function openHaproxy(config: HaproxyConfig, { workdir, signal }: ReadContext): Promise<Router> {
  const { backend, 'state-file': file, 'at-zero': atZero = 'drain' } = config;
  const api = new RuntimeApi(placeOf(config, workdir), signal);
  return new HaproxyRouter(api, backend, atZero, file === undefined ? undefined : new StateFile(resolve(workdir, file), api));
}

function placeOf({ socket, address }: HaproxyConfig, workdir: string): RuntimePlace {
  if (socket !== undefined) return { path: resolve(workdir, socket) };
  const [, host, port] = /^\[?(.+?)\]?:([0-9]+)$/.exec(address ?? '') ?? [];
  if (host === undefined) throw placeUnclear();
  return { host, port: Number(port) };
}

const placeUnclear = () =>
  new StepError('TRAFFIC_HAPROXY_PLACE_UNCLEAR', "It is not said where HAProxy's Runtime API is.", {
    hint: 'Give `socket`, or `address` as host:port.',
  });
