import { defineStep, headers, quantity, secret, Type, type Static } from 'relpipe/plugin';

const dashboardConfig = Type.Object(
  {
    server: Type.String({ pattern: '^https?://', description: 'Base URL, e.g. https://grafana.example.com' }),
    file: Type.String({ minLength: 1, description: 'A JSON file, relative to the pipeline file; its `uid` identifies the dashboard' }),
    folder: Type.Optional(
      Type.String({ minLength: 1, description: 'uid of the folder; default: the folder it is in, or the top level for a new one' }),
    ),
    message: Type.Optional(Type.String({ description: 'Shown beside the version in its history' })),
    token: Type.Optional(secret('Of a service account, sent as `Authorization: Bearer`')),
    headers: Type.Optional(headers('Sent with every request, e.g. X-Grafana-Org-Id')),
    timeout: Type.Optional(quantity('duration', 'For each response of the server; default 30s')),
  },
  { additionalProperties: false },
);
export type DashboardConfig = Static<typeof dashboardConfig>;
export type DashboardSchema = typeof dashboardConfig;

const model = Type.Record(Type.String(), Type.Unknown());

/** Saved before the dashboard is: the previous version, and how to recognise the own one in the history. */
const dashboardState = Type.Object({
  uid: Type.String(),
  mark: Type.String({ description: 'The last part of the message of the version that this step saves' }),
  previous: Type.Union([Type.Object({ dashboard: model, folder: Type.String(), version: Type.Integer() }), Type.Null()], {
    description: 'The dashboard before this step; null if there was none',
  }),
});
export type DashboardState = Static<typeof dashboardState>;

const dashboardOutputs = Type.Object({
  uid: Type.String({ description: 'Identifies the dashboard' }),
  url: Type.String({ description: 'Where people see it' }),
  version: Type.Integer({ description: 'The version that this step saved' }),
});
export type DashboardOutputs = Static<typeof dashboardOutputs>;

// Loaded when first called: reading a pipeline file needs none of it.
const impl = () => import('./dashboard.impl.ts');

/** `grafana.dashboard`: saves a dashboard from a file, as a new version where it exists already. */
export const dashboard = defineStep({
  summary: 'Saves a dashboard, as a new version where it exists already',
  with: dashboardConfig,
  outputs: dashboardOutputs,
  state: dashboardState,
  onLost: 'probe',
  verify: async (config, context) => (await impl()).verify(config, context),
  preview: async (config, context) => (await impl()).preview(config, context),
  probe: async (config, context) => (await impl()).probe(config, context),
  run: async (config, context) => (await impl()).run(config, context),
  rollback: { run: async (config, context) => (await impl()).rollback(config, context) },
});
