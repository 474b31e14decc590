import { type ReadContext, type Static, type TSchema, Type } from 'relpipe/plugin';
import { callApi, type ApiCall } from '../http/call-api.ts';
import { readApi } from '../http/read-api.ts';
import { readTimely } from '../http/read-timely.ts';
import { refusal } from '../http/refusal.ts';
import type { Matcher } from '../selector/selector.ts';
import type { SilenceConfig } from './silence-config.ts';

/** A silence to be made, in the words of the API (https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml). */
export interface PostableSilence {
  readonly matchers: readonly PostableMatcher[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

interface PostableMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

const gettableSilence = Type.Object({
  id: Type.String(),
  comment: Type.String(),
  endsAt: Type.String(),
  status: Type.Object({ state: Type.String() }),
});
export type GettableSilence = Static<typeof gettableSilence>;
const gettableSilences = Type.Array(gettableSilence);
const posted = Type.Object({ silenceID: Type.String({ minLength: 1 }) });
const status = Type.Object({ versionInfo: Type.Object({ version: Type.String() }) });

type Where = Omit<SilenceConfig, 'matchers' | 'for' | 'author' | 'reason' | 'keep'>;

/** The silences of an Alertmanager. Throws `PROMETHEUS_UNREACHABLE` and `PROMETHEUS_SILENCE_REFUSED`. */
export class Alertmanager {
  readonly #where: Where;
  readonly #context: ReadContext;

  constructor(where: Where, context: ReadContext) {
    this.#where = where;
    this.#context = context;
  }

  /** Throws `PROMETHEUS_CLOCK_OFF` as well: begin and end of a silence are moments of this machine's clock. */
  async version(): Promise<string> {
    return (await this.#callTimely({ path: '/api/v2/status' }, status)).versionInfo.version;
  }

  /** Gives its id. */
  async create(silence: PostableSilence): Promise<string> {
    return (await this.#callTimely({ path: '/api/v2/silences', method: 'POST', json: silence }, posted)).silenceID;
  }

  /** Those that have not ended whose comment holds a mark. */
  async marked(mark: string): Promise<readonly GettableSilence[]> {
    const silences = await this.#call({ path: '/api/v2/silences' }, gettableSilences);
    return silences.filter(({ comment, status: { state } }) => comment.includes(mark) && state !== 'expired');
  }

  async expire(id: string): Promise<void> {
    const call = { path: `/api/v2/silence/${encodeURIComponent(id)}`, method: 'DELETE' } as const;
    const reply = await callApi(this.#where.alertmanager, call, this.#where, this.#context);
    // 404: it is long gone.
    if (reply.status !== 200 && reply.status !== 404) throw refusal(reply, refused);
  }

  #callTimely<S extends TSchema>(call: ApiCall, schema: S): Promise<Static<S>> {
    return readTimely(this.#where.alertmanager, call, { schema, ...refused }, this.#where, this.#context);
  }

  #call<S extends TSchema>(call: ApiCall, schema: S): Promise<Static<S>> {
    return readApi(this.#where.alertmanager, call, { schema, ...refused }, this.#where, this.#context);
  }
}

const refused = {
  code: 'PROMETHEUS_SILENCE_REFUSED',
  hint: 'Make the same silence in the web page of the Alertmanager to see what it wants.',
  elsewhere: '`alertmanager` has to be the base URL of an Alertmanager (0.22 or newer), with the path prefix it is served under.',
};

export const postableMatcher = ({ label, operator, value }: Matcher): PostableMatcher => ({
  name: label,
  value,
  isRegex: operator === '=~' || operator === '!~',
  isEqual: operator === '=' || operator === '=~',
});
