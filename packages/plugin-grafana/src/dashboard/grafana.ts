import { StepError, Type, type ReadContext, type Static, type TSchema } from 'relpipe/plugin';
import { busyHint, fetchAnswer, isTransient, revealHeaders, type HttpAnswer } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';
import type { DashboardConfig } from './dashboard.ts';

type Model = Readonly<Record<string, unknown>>;

const model = Type.Record(Type.String(), Type.Unknown());
const found = Type.Object({
  dashboard: model,
  meta: Type.Object({
    version: Type.Integer(),
    url: Type.Optional(Type.String()),
    folderUid: Type.Optional(Type.String()),
    canSave: Type.Optional(Type.Boolean()),
    provisioned: Type.Optional(Type.Boolean()),
  }),
});
export type FoundDashboard = Static<typeof found>;

const saved = Type.Object({ uid: Type.String(), url: Type.String(), version: Type.Integer() });
const version = Type.Object({ version: Type.Integer(), message: Type.Optional(Type.String()) });
/** A plain list before Grafana 11. */
const versions = Type.Union([Type.Object({ versions: Type.Array(version) }), Type.Array(version)]);

interface Save {
  readonly model: Model;
  /** uid; empty: the top level. */
  readonly folder: string;
  readonly message: string;
  /** The current version; Grafana refuses the request when it is another one. 0: the dashboard does not exist. */
  readonly basedOn: number;
}

/**
 * The dashboards of a Grafana (https://grafana.com/docs/grafana/latest/developers/http_api/dashboard/, .../dashboard_versions/). Throws
 * `GRAFANA_UNREACHABLE`, `GRAFANA_REFUSED`, `GRAFANA_DASHBOARD_CHANGED`.
 */
export class Grafana {
  readonly #config: DashboardConfig;
  readonly #context: ReadContext;

  constructor(config: DashboardConfig, context: ReadContext) {
    this.#config = config;
    this.#context = context;
  }

  /** Undefined when it does not exist. */
  async find(uid: string): Promise<FoundDashboard | undefined> {
    const reply = await this.#request('GET', `/api/dashboards/uid/${encodeURIComponent(uid)}`);
    return reply.status === 404 && reply.json !== undefined ? undefined : read(reply, found);
  }

  async save({ model: dashboard, folder, message, basedOn }: Save): Promise<Static<typeof saved>> {
    // `id` is the number of the dashboard in the Grafana that it was exported from.
    const command = { dashboard: { ...dashboard, id: null, version: basedOn }, folderUid: folder, message, overwrite: false };
    return read(await this.#request('POST', '/api/dashboards/db', command), saved);
  }

  async remove(uid: string): Promise<void> {
    const reply = await this.#request('DELETE', `/api/dashboards/uid/${encodeURIComponent(uid)}`);
    if (reply.status !== 404) read(reply, model);
  }

  /** The newest versions, the newest first. */
  async versions(uid: string): Promise<readonly Static<typeof version>[]> {
    const reply = await this.#request('GET', `/api/dashboards/uid/${encodeURIComponent(uid)}/versions?limit=50`);
    const answer = read(reply, versions);
    return ('versions' in answer ? answer.versions : answer).toSorted((a, b) => b.version - a.version);
  }

  /** The absolute URL of a path that Grafana returned. */
  urlOf(path: string): string {
    return new URL(path, this.#config.server).href;
  }

  async #request(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Reply> {
    const { server, token, headers, timeout = 30_000 } = this.#config;
    const url = `${server.replace(/\/+$/, '')}${path}`;
    const unreachable = (why: string, cause: unknown) => {
      const hint = 'Check that Grafana is running there and that this machine can connect to it.';
      return new StepError('GRAFANA_UNREACHABLE', `Could not reach ${url}: ${why}.`, { hint, retryable: true, cause });
    };
    const answer = await fetchAnswer(
      url,
      {
        method,
        headers: {
          ...revealHeaders(headers),
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(token && { authorization: `Bearer ${token.reveal()}` }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        timeoutMs: timeout,
        unreachable,
      },
      this.#context,
    );
    return { ...answer, url };
  }
}

interface Reply extends HttpAnswer {
  readonly url: string;
}

function read<S extends TSchema>(reply: Reply, schema: S): Static<S> {
  if (reply.status === 200 && Value.Check(schema, reply.json)) return reply.json;
  throw refusal(reply);
}

const refusalBody = Type.Object({ message: Type.String(), status: Type.Optional(Type.String()) });

function refusal(reply: Reply): StepError {
  const { url, status, text, json } = reply;
  const body = Value.Check(refusalBody, json) ? json : undefined;
  if (status === 412 && body?.status === 'version-mismatch') {
    return new StepError('GRAFANA_DASHBOARD_CHANGED', 'Somebody else saved the dashboard after this step read it.', {
      hint: 'Check its version history in Grafana, then run the release again.',
      changedByOthers: true,
    });
  }
  const message = body?.message ?? text.trim().split('\n', 1)[0]?.slice(0, 200) ?? '';
  const retryable = isTransient(status);
  return new StepError('GRAFANA_REFUSED', `${url} returned ${status}${message && `: ${message}`}`, { hint: hintFor(reply), retryable });
}

function hintFor({ status, retryAfterMs }: Reply): string {
  if (status === 401 || status === 403) return 'Set `token` to that of a service account that may write dashboards in this folder.';
  if (isTransient(status)) return busyHint({ retryAfterMs });
  return 'Check that `server` is the base URL of Grafana, and import the file there by hand to see what it rejects.';
}
