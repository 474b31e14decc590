import { StepError, Type } from 'relpipe/plugin';
import { Check } from 'typebox/schema';
import { type AdminApi, messageIn } from '../admin-api/admin-api.ts';
import { unreadable } from '../admin-api/unreadable.ts';
import { NodeConfig } from './node-config.ts';

/** One node without a database, through its `/config`. */
export class KongNode {
  readonly url: string;
  readonly #api: AdminApi;

  /** `read` and `load` from a shell, by a file `kong.yml`. */
  readonly byHand: { readonly save: string; readonly load: string };

  constructor(api: AdminApi) {
    this.url = api.url;
    this.#api = api;
    this.byHand = { save: `${api.byHand('/config')} | jq -r .config > kong.yml`, load: api.byHand('/config', '-F', 'config=@kong.yml') };
  }

  /** @throws {StepError} `KONG_WITH_DATABASE`, `KONG_UPSTREAM_UNKNOWN`, `KONG_UPSTREAM_EMPTY` */
  async read(upstream: string): Promise<NodeConfig> {
    const { status, body } = await this.#api.get('/config');
    if (status === 400) throw withDatabase(this.url);
    if (status !== 200 || !Check(answerSchema, body)) throw unreadable(this.url, '/config', { status, body });
    return new NodeConfig(body.config, upstream, this.url);
  }

  /** Gives the node a whole configuration; nothing where it is the one it has. */
  async load(config: string): Promise<void> {
    const { status, body } = await this.#api.post('/config?check_hash=1', { config });
    if (status === 201 || status === 304) return;
    throw new StepError('KONG_CONFIG_REFUSED', `The Kong at ${this.url} refuses its own configuration with other weights (${status}): ${messageIn(body)}.`, {
      hint: "Read Kong's error log; nothing was changed on this node.",
    });
  }
}

const answerSchema = Type.Object({ config: Type.String() });

const withDatabase = (url: string) =>
  new StepError('KONG_WITH_DATABASE', `The Kong at ${url} has a database, so that it takes no whole configuration.`, {
    hint: 'Name its Admin API under `admin`, in place of `nodes`.',
  });
