import { quantity, secret, Type, type Static } from 'relpipe/plugin';

/** `with` of `grafana.dashboard`. */
export const dashboardConfig = Type.Object(
  {
    server: Type.String({ pattern: '^https?://', description: 'Base URL, e.g. https://grafana.example.com' }),
    file: Type.String({ minLength: 1, description: 'The dashboard as JSON, from the folder of the pipeline file; its `uid` says which one it is' }),
    folder: Type.Optional(Type.String({ minLength: 1, description: 'uid of the folder; default: where it is, else at the top' })),
    message: Type.Optional(Type.String({ description: 'Beside the version in its history' })),
    token: Type.Optional(secret('Of a service account, sent as `Authorization: Bearer`')),
    headers: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'Sent with every request, e.g. X-Grafana-Org-Id' })),
    timeout: Type.Optional(quantity('duration', 'For one answer of the server; default 30s')),
  },
  { additionalProperties: false },
);
export type DashboardConfig = Static<typeof dashboardConfig>;

const model = Type.Record(Type.String(), Type.Unknown());

/** Saved before the dashboard is put up: the version before, and by what the own one is known in the history. */
export const dashboardChange = Type.Object({
  uid: Type.String(),
  mark: Type.String({ description: 'Stands in the message of the version that this step makes' }),
  former: Type.Union([Type.Object({ dashboard: model, folder: Type.String(), version: Type.Integer() }), Type.Null()], {
    description: 'What was there before; null for a new dashboard',
  }),
});
export type DashboardChange = Static<typeof dashboardChange>;

export const dashboardPut = Type.Object({
  uid: Type.String({ description: 'Which dashboard it is' }),
  url: Type.String({ description: 'Where people see it' }),
  version: Type.Integer({ description: 'The version that this step made' }),
});
export type DashboardPut = Static<typeof dashboardPut>;
