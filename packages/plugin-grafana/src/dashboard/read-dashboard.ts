import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StepError, Type, type Static } from 'relpipe/plugin';
import { Value } from 'typebox/value';

const model = Type.Intersect([
  Type.Record(Type.String(), Type.Unknown()),
  Type.Object({ uid: Type.String({ minLength: 1, maxLength: 40 }), title: Type.String({ minLength: 1 }) }),
]);
export type DashboardModel = Static<typeof model>;

/**
 * The dashboard in a file, as Grafana shows it under "JSON model" or exports it.
 * @throws {StepError} `GRAFANA_DASHBOARD_UNREADABLE`, `GRAFANA_DASHBOARD_FOR_SHARING`
 */
export async function readDashboard(workdir: string, file: string): Promise<DashboardModel> {
  const path = resolve(workdir, file);
  const json = await readJson(path);
  if (typeof json === 'object' && json !== null && '__inputs' in json) throw forSharing(path);
  if (Value.Check(model, json)) return json;
  throw unreadable(path, 'it has no `uid` (at most 40 characters) or no `title`');
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw unreadable(path, error instanceof Error ? error.message : String(error), error);
  }
}

const unreadable = (path: string, why: string, cause?: unknown) =>
  new StepError('GRAFANA_DASHBOARD_UNREADABLE', `${path} is no dashboard: ${why}.`, {
    hint: 'Save what Grafana shows under the settings of a dashboard as "JSON model".',
    cause,
  });

const forSharing = (path: string) =>
  new StepError('GRAFANA_DASHBOARD_FOR_SHARING', `${path} was exported for sharing: its data sources are questions to whoever imports it.`, {
    hint: 'Export it without "for sharing externally", or make the data source a variable of the dashboard.',
  });
