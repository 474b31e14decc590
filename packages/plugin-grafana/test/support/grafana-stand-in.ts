import { text } from 'node:stream/consumers';
import { serve, type Served } from '@relpipe/testing/http-server';
import { Type } from 'relpipe/plugin';
import { Value } from 'typebox/value';

/**
 * The requests of the dashboard API as they are published: `SaveDashboardCommand` of Grafana's OpenAPI document (public/api-merged.json).
 * Other fields are refused, so that a misspelt one is found.
 */
const saveCommand = Type.Object(
  {
    UpdatedAt: Type.Optional(Type.String()),
    dashboard: Type.Intersect([
      Type.Record(Type.String(), Type.Unknown()),
      Type.Object({ uid: Type.String({ minLength: 1, maxLength: 40 }), title: Type.String({ minLength: 1 }), version: Type.Optional(Type.Integer()), id: Type.Optional(Type.Null()) }),
    ]),
    folderId: Type.Optional(Type.Integer()),
    folderUid: Type.Optional(Type.String()),
    isFolder: Type.Optional(Type.Boolean()),
    message: Type.Optional(Type.String()),
    overwrite: Type.Optional(Type.Boolean()),
    userId: Type.Optional(Type.Integer()),
  },
  { additionalProperties: false },
);

interface Version {
  readonly version: number;
  readonly message: string;
  readonly dashboard: Record<string, unknown>;
  readonly folderUid: string;
}

export interface GrafanaStandIn extends Served {
  /** All versions of a dashboard, the oldest first; none when it does not exist. */
  history(uid: string): readonly Version[];
  /** Saves a version as a person does in the browser. */
  save(uid: string, title: string, folderUid?: string): void;
  /** Deletes a dashboard as a person does in the browser. */
  remove(uid: string): void;
  /** The next responses have this status, that many times. */
  fails(times: number, status: number): void;
  /** The next change is made, and its response lost. */
  losesTheNextResponse(): void;
  readonly provisioned: Set<string>;
  /** Whether versions are listed as before Grafana 11. */
  isOld: boolean;
  /** What was wrong with requests that were not as published. */
  readonly wrong: string[];
}

export const token = 'glsa_token';

/** Stands in for a Grafana: checks every request against the published API, and keeps versions as Grafana does. */
export async function startGrafana(): Promise<GrafanaStandIn> {
  const dashboards = new Map<string, Version[]>();
  const wrong: string[] = [];
  const provisioned = new Set<string>();
  const failing = { times: 0, status: 500 };
  let losesResponse = false;
  const versionsOf = (uid: string): Version[] => dashboards.get(uid) ?? [];
  const urlOf = (uid: string): string => `/d/${uid}/slug`;

  function keep(uid: string, dashboard: Record<string, unknown>, folderUid: string, message: string): number {
    const version = (versionsOf(uid).at(-1)?.version ?? 0) + 1;
    dashboards.set(uid, [...versionsOf(uid), { version, message, folderUid, dashboard: { ...dashboard, id: 7, version } }]);
    return version;
  }

  function save(body: unknown): readonly [number, unknown] {
    if (!Value.Check(saveCommand, body)) {
      wrong.push(...Value.Errors(saveCommand, body).map(({ instancePath, message }) => `${instancePath} ${message}`));
      return [400, { message: 'bad request data' }];
    }
    const { dashboard, folderUid = '', message = '', overwrite = false } = body;
    if (folderUid === 'nowhere') return [404, { message: 'folder not found', status: 'not-found' }];
    const now = versionsOf(dashboard.uid).at(-1)?.version;
    if (!overwrite && now !== undefined && now !== (dashboard.version ?? 0)) {
      return [412, { message: 'The dashboard has been changed by someone else', status: 'version-mismatch' }];
    }
    const version = keep(dashboard.uid, dashboard, folderUid, message);
    return [200, { id: 7, uid: dashboard.uid, url: urlOf(dashboard.uid), status: 'success', version, slug: 'slug' }];
  }

  function read(uid: string): readonly [number, unknown] {
    const newest = versionsOf(uid).at(-1);
    if (!newest) return [404, { message: 'Dashboard not found' }];
    const { dashboard, version, folderUid } = newest;
    return [200, { dashboard, meta: { version, folderUid, url: urlOf(uid), canSave: true, provisioned: provisioned.has(uid) } }];
  }

  function list(uid: string): readonly [number, unknown] {
    if (!dashboards.has(uid)) return [404, { message: 'Dashboard not found' }];
    const versions = versionsOf(uid).toReversed().map(({ version, message }) => ({ id: version, uid, version, message, created: '2026-01-01T00:00:00Z', createdBy: 'x' }));
    return [200, standIn.isOld ? versions : { continueToken: '', versions }];
  }

  function answer(method: string, path: string, body: unknown): readonly [number, unknown] {
    const [, uid = '', more] = /^\/api\/dashboards\/uid\/([^/]+)(\/versions)?$/.exec(path) ?? [];
    if (method === 'POST' && path === '/api/dashboards/db') return save(body);
    if (method === 'GET' && uid !== '') return more === undefined ? read(uid) : list(uid);
    if (method === 'DELETE' && uid !== '' && more === undefined) return dashboards.delete(uid) ? [200, { message: 'deleted', title: uid }] : [404, { message: 'Dashboard not found' }];
    wrong.push(`${method} ${path}`);
    return [404, { message: 'Not found' }];
  }

  const served = await serve(async (request, response) => {
    const written = await text(request);
    if (request.headers.authorization !== `Bearer ${token}`) return response.writeHead(401).end(JSON.stringify({ message: 'Invalid API key' }));
    if (failing.times > 0) {
      failing.times -= 1;
      return response.writeHead(failing.status).end('<html>\nno\n</html>');
    }
    if (request.method === 'POST' && request.headers['content-type'] !== 'application/json') wrong.push('the content type of the body is not application/json');
    const { pathname } = new URL(request.url ?? '', 'http://127.0.0.1');
    const [status, body] = answer(request.method ?? '', decodeURIComponent(pathname), written === '' ? undefined : JSON.parse(written));
    if (losesResponse && request.method !== 'GET') {
      losesResponse = false;
      return response.destroy();
    }
    return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const standIn: GrafanaStandIn = Object.assign(served, {
    history: versionsOf,
    save: (uid: string, title: string, folderUid = '') => void keep(uid, { uid, title }, folderUid, 'by hand'),
    remove: (uid: string) => void dashboards.delete(uid),
    fails: (times: number, status: number) => void Object.assign(failing, { times, status }),
    losesTheNextResponse: () => void (losesResponse = true),
    provisioned,
    isOld: false,
    wrong,
  });
  return standIn;
}
