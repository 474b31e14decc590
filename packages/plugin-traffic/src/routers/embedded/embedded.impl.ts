import { resolve } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { shellWord } from 'relpipe/plugin/toolkit';
import { connectRouter } from '../../relpipe-router/connect-router.ts';
import type { RouterStatus } from '../../relpipe-router/control/control-api.ts';
import { RouterClient } from '../../relpipe-router/router-client.ts';
import type { PreviewMatch, Router, RouterReading, SideTraffic, SideWeights, WeightKeeper } from '../router.ts';
import { fourDecimals } from '../units.ts';
import { asStepError } from './as-step-error.ts';
import { EmbeddedNextStart } from './embedded-next-start.ts';
import type { EmbeddedConfig } from './embedded.ts';

/** Does not contact the router yet. @throws {StepError} `TRAFFIC_ROUTER_ADDRESS_MISSING` */
export async function openEmbedded(config: EmbeddedConfig, { workdir, signal }: ReadContext): Promise<Router> {
  return new EmbeddedRouter(addressOf(config, workdir), signal);
}

/** The router of this plugin, through its control endpoint. */
class EmbeddedRouter implements Router {
  readonly name: string;
  readonly nextStart?: () => WeightKeeper;
  readonly #address: EmbeddedAddress;
  readonly #signal: AbortSignal;
  #client: Promise<RouterClient> | undefined;

  constructor(address: EmbeddedAddress, signal: AbortSignal) {
    this.name = address.name;
    this.#address = address;
    this.#signal = signal;
    if (address.nextStart !== undefined) this.nextStart = address.nextStart;
  }

  async read(): Promise<RouterReading> {
    const { sides, weights, generation, preview } = await this.#status();
    return {
      sides: Object.entries(sides).map(([name, { url, health, healthBecause = '' }]) => ({
        name,
        url,
        ...(health === 'unhealthy' && { down: `unhealthy (${healthBecause})` }),
      })),
      weights,
      revision: String(generation),
      ...(preview !== undefined && { preview }),
    };
  }

  async write(weights: SideWeights, { revision }: RouterReading): Promise<RouterReading> {
    const options = { expectedGeneration: Number(revision), signal: this.#signal };
    await this.#ask((client) => client.setWeights(fourDecimals(weights), options));
    return this.read();
  }

  async measure(): Promise<SideTraffic> {
    const { sides, generation } = await this.#status();
    const requests = Object.entries(sides).map(([name, { sinceWeightChange }]) => [name, sinceWeightChange.assigned] as const);
    return { revision: String(generation), requests: Object.fromEntries(requests) };
  }

  setPreview(match: PreviewMatch | undefined): Promise<void> {
    return this.#ask((client) => client.setPreview(match, this.#signal));
  }

  nearest(weights: SideWeights): SideWeights {
    return fourDecimals(weights);
  }

  manualCommand(weights: SideWeights): string {
    return this.#address.manualCommand(fourDecimals(weights));
  }

  #status(): Promise<RouterStatus> {
    return this.#ask((client) => client.readStatus(this.#signal));
  }

  #ask<Answer>(question: (client: RouterClient) => Promise<Answer>): Promise<Answer> {
    return asStepError(async () => question(await (this.#client ??= this.#address.connect())));
  }
}

/** How an embedded router is found, running or not. */
interface EmbeddedAddress {
  readonly name: string;
  connect(): Promise<RouterClient>;
  manualCommand(weights: SideWeights): string;
  /** Absent where only its control endpoint is known. */
  readonly nextStart?: () => WeightKeeper;
}

function addressOf({ state, control, 'token-file': tokenFile, token }: EmbeddedConfig, workdir: string): EmbeddedAddress {
  if (state !== undefined) return byStateFile(resolve(workdir, state));
  if (control === undefined) throw addressMissing();
  const controlUrl = control.replace(/\/+$/, '');
  if (token !== undefined) return byControl(controlUrl, async () => new RouterClient(controlUrl, token.reveal()), '$RELPIPE_ROUTER_TOKEN');
  if (tokenFile === undefined) throw addressMissing();
  const file = resolve(workdir, tokenFile);
  return byControl(controlUrl, () => connectRouter({ controlUrl, tokenFile: file }), `$(cat ${shellWord(file)})`);
}

const byStateFile = (stateFile: string): EmbeddedAddress => ({
  name: `the router of ${stateFile}`,
  connect: () => connectRouter({ stateFile }),
  manualCommand(weights) {
    const shares = Object.entries(weights).map(([side, weight]) => `${side}=${weight}`);
    return `relpipe-router set --state ${shellWord(stateFile)} --weights ${shellWord(shares.join(','))}`;
  },
  nextStart: () => new EmbeddedNextStart(stateFile),
});

const byControl = (controlUrl: string, connect: EmbeddedAddress['connect'], token: string): EmbeddedAddress => ({
  name: `the router at ${controlUrl}`,
  connect,
  manualCommand: (weights) =>
    `curl -X PUT -H "authorization: Bearer ${token}" -d ${shellWord(JSON.stringify({ weights }))} ${controlUrl}/v1/weights`,
});

const addressMissing = () =>
  new StepError('TRAFFIC_ROUTER_ADDRESS_MISSING', 'The configuration does not specify where the embedded router is.', {
    hint: 'Set `state`, or `control` with `token-file` or `token`.',
  });
