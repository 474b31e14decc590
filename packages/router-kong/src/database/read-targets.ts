import { StepError, Type, type Static, type TSchema } from 'relpipe/plugin';
import { Check } from 'typebox/schema';
import type { AdminApi } from '../admin-api/admin-api.ts';
import { unreadable } from '../admin-api/unreadable.ts';
import { upstreamEmpty, upstreamUnknown } from '../upstream-errors.ts';

/** A side, with what tells one state of it from another. */
export interface Target {
  readonly id: string;
  /** `HOST:PORT` */
  readonly target: string;
  readonly weight: number;
  readonly updatedAt: number | undefined;
}

/** The targets of an upstream by name. @throws {StepError} `KONG_WITHOUT_DATABASE`, `KONG_UPSTREAM_UNKNOWN`, `KONG_UPSTREAM_EMPTY` */
export async function readTargets(api: AdminApi, upstream: string): Promise<readonly Target[]> {
  if ((await readStrategy(api)) === 'off') throw withoutDatabase(api.url);
  const targets = await pages(api, `/upstreams/${encodeURIComponent(upstream)}/targets`, targetSchema);
  if (targets === undefined) throw upstreamUnknown(upstream, ((await pages(api, '/upstreams', upstreamSchema)) ?? []).map(({ name }) => name));
  if (targets.length === 0) throw upstreamEmpty(upstream, api.url);
  return targets
    .map(({ id, target, weight, updated_at: updatedAt }) => ({ id, target, weight, updatedAt }))
    .toSorted((a, b) => a.target.localeCompare(b.target));
}

const targetSchema = Type.Object({ id: Type.String(), target: Type.String(), weight: Type.Integer(), updated_at: Type.Optional(Type.Number()) });
const upstreamSchema = Type.Object({ name: Type.String() });
const rootSchema = Type.Object({ configuration: Type.Object({ database: Type.String() }) });

/** What Kong keeps its configuration in; `off` is DB-less. */
async function readStrategy(api: AdminApi): Promise<string> {
  const { status, body } = await api.get('/');
  if (status !== 200 || !Check(rootSchema, body)) throw unreadable(api.url, '/', { status, body });
  return body.configuration.database;
}

/** Everything of a list, page by page; undefined where Kong has no such list. */
async function pages<Item extends TSchema>(api: AdminApi, path: string, item: Item): Promise<readonly Static<Item>[] | undefined> {
  const page = Type.Object({ data: Type.Array(item), next: Type.Optional(Type.Union([Type.String(), Type.Null()])) });
  const items: Static<Item>[] = [];
  for (let from: string | null | undefined = path; typeof from === 'string'; ) {
    const { status, body } = await api.get(from);
    if (status === 404) return undefined;
    if (status !== 200 || !Check(page, body)) throw unreadable(api.url, from, { status, body });
    const { data, next } = body as { readonly data: readonly Static<Item>[]; readonly next?: string | null };
    items.push(...data);
    from = next;
  }
  return items;
}

const withoutDatabase = (url: string) =>
  new StepError('KONG_WITHOUT_DATABASE', `The Kong at ${url} has no database: its targets cannot be changed one by one.`, {
    hint: 'Name the Admin API of every node under `nodes`, in place of `admin`.',
  });
