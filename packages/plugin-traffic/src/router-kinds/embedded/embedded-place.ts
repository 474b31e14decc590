import { resolve } from 'node:path';
import { StepError } from 'relpipe/plugin';
import { connectRouter } from '../../router/connect-router.ts';
import { RouterClient } from '../../router/router-client.ts';
import { shellWord } from '../../sides/shell-word.ts';
import type { SideWeights, WeightKeeper } from '../router.ts';
import type { EmbeddedConfig } from './embedded-config.ts';
import { EmbeddedNextStart } from './embedded-next-start.ts';

/** Where an embedded router is, whether it lives or not. */
export interface EmbeddedPlace {
  readonly name: string;
  connect(): Promise<RouterClient>;
  byHand(weights: SideWeights): string;
  /** Absent where only its control endpoint is known. */
  readonly nextStart?: () => WeightKeeper;
}

/** @throws {StepError} `TRAFFIC_ROUTER_PLACE_UNCLEAR` */
export function embeddedPlace({ state, control, 'token-file': tokenFile, token }: EmbeddedConfig, workdir: string): EmbeddedPlace {
  if (state !== undefined) return atStateFile(resolve(workdir, state));
  if (control === undefined) throw placeUnclear();
  const controlUrl = control.replace(/\/+$/, '');
  if (token !== undefined) return atControl(controlUrl, async () => new RouterClient(controlUrl, token.reveal()), '$RELPIPE_ROUTER_TOKEN');
  if (tokenFile === undefined) throw placeUnclear();
  const file = resolve(workdir, tokenFile);
  return atControl(controlUrl, () => connectRouter({ controlUrl, tokenFile: file }), `$(cat ${shellWord(file)})`);
}

const atStateFile = (stateFile: string): EmbeddedPlace => ({
  name: `the router of ${stateFile}`,
  connect: () => connectRouter({ stateFile }),
  byHand(weights) {
    const shares = Object.entries(weights).map(([side, weight]) => `${side}=${weight}`);
    return `relpipe-router set --state ${shellWord(stateFile)} --weights ${shellWord(shares.join(','))}`;
  },
  nextStart: () => new EmbeddedNextStart(stateFile),
});

const atControl = (controlUrl: string, connect: EmbeddedPlace['connect'], token: string): EmbeddedPlace => ({
  name: `the router at ${controlUrl}`,
  connect,
  byHand: (weights) => `curl -X PUT -H "authorization: Bearer ${token}" -d ${shellWord(JSON.stringify({ weights }))} ${controlUrl}/v1/weights`,
});

const placeUnclear = () =>
  new StepError('TRAFFIC_ROUTER_PLACE_UNCLEAR', 'It is not said where the embedded router is.', {
    hint: 'Give `state`, or `control` with `token-file` or `token`.',
  });
