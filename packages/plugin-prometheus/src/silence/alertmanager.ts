import { Type, type ReadContext, type Static } from 'relpipe/plugin';
import { HttpApi } from '../http/http-api.ts';
import type { Matcher } from '../selector/matcher.ts';
import type { Connection } from '../shared-fields.ts';

/** A silence to be created, as the API defines it (https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml). */
interface PostableSilence {
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
type GettableSilence = Static<typeof gettableSilence>;
const gettableSilences = Type.Array(gettableSilence);
const posted = Type.Object({ silenceID: Type.String({ minLength: 1 }) });
const statusResponse = Type.Object({ versionInfo: Type.Object({ version: Type.String() }) });

interface Server extends Connection {
  readonly alertmanager: string;
}

/** The silences of an Alertmanager. Throws `PROMETHEUS_UNREACHABLE` and `PROMETHEUS_SILENCE_REFUSED`. */
export class Alertmanager {
  readonly #api: HttpApi;

  constructor(server: Server, context: ReadContext) {
    this.#api = new HttpApi(server.alertmanager, silenceRefused, server, context);
  }

  /** Throws `PROMETHEUS_CLOCK_SKEW` as well: the start and the end of a silence are times of this machine's clock. */
  async version(): Promise<string> {
    return (await this.#api.readTimed({ path: '/api/v2/status' }, statusResponse)).versionInfo.version;
  }

  /** Returns the id of the new silence. Throws `PROMETHEUS_CLOCK_SKEW` as well. */
  async create(silence: PostableSilence): Promise<string> {
    return (await this.#api.readTimed({ path: '/api/v2/silences', method: 'POST', json: silence }, posted)).silenceID;
  }

  /** The silences that have not ended and whose comment contains a mark. */
  async activeWith(mark: string): Promise<readonly GettableSilence[]> {
    const silences = await this.#api.read({ path: '/api/v2/silences' }, gettableSilences);
    return silences.filter(({ comment, status: { state } }) => comment.includes(mark) && state !== 'expired');
  }

  async expire(id: string): Promise<void> {
    const response = await this.#api.send({ path: `/api/v2/silence/${encodeURIComponent(id)}`, method: 'DELETE' });
    // 404: it ended long ago.
    if (response.status !== 200 && response.status !== 404) throw this.#api.refusal(response);
  }
}

const silenceRefused = {
  code: 'PROMETHEUS_SILENCE_REFUSED',
  hint: 'Create the same silence on the web page of the Alertmanager to see what it rejects.',
  wrongServer: '`alertmanager` must be the base URL of an Alertmanager (0.22 or newer), including its path prefix.',
};

export const postableMatcher = ({ label, operator, value }: Matcher): PostableMatcher => ({
  name: label,
  value,
  isRegex: operator === '=~' || operator === '!~',
  isEqual: operator === '=' || operator === '=~',
});
