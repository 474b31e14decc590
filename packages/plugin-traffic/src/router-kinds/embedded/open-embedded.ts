import { resolve } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { connectRouter, type RouterPlace } from '../../router/connect-router.ts';
import { RouterClient } from '../../router/router-client.ts';
import type { Router } from '../router.ts';
import type { EmbeddedConfig } from './embedded-config.ts';
import { EmbeddedRouter } from './embedded-router.ts';
import { inStepWords } from './in-step-words.ts';

/** @throws {StepError} `TRAFFIC_ROUTER_NOT_REACHED` when none runs on the state file, `TRAFFIC_ROUTER_PLACE_UNCLEAR` */
export async function openEmbedded(config: EmbeddedConfig, { workdir, signal }: ReadContext): Promise<Router> {
  return new EmbeddedRouter(await inStepWords(() => connect(config, workdir)), signal);
}

async function connect(config: EmbeddedConfig, workdir: string): Promise<RouterClient> {
  const { control, token } = config;
  if (control !== undefined && token !== undefined) return new RouterClient(withoutSlash(control), token.reveal());
  return connectRouter(placeOf(config, workdir));
}

function placeOf(config: EmbeddedConfig, workdir: string): RouterPlace {
  const { state, control, 'token-file': tokenFile } = config;
  if (state !== undefined) return { stateFile: resolve(workdir, state) };
  if (control === undefined || tokenFile === undefined) throw placeUnclear();
  return { controlUrl: withoutSlash(control), tokenFile: resolve(workdir, tokenFile) };
}

const withoutSlash = (url: string) => url.replace(/\/+$/, '');

const placeUnclear = () =>
  new StepError('TRAFFIC_ROUTER_PLACE_UNCLEAR', 'It is not said where the embedded router is.', {
    hint: 'Give `state`, or `control` with `token-file` or `token`.',
  });
