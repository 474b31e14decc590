import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StepError, Type, type Static } from 'relpipe/plugin';
import { messageOf } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';

const model = Type.Intersect([
  Type.Record(Type.String(), Type.Unknown()),
  Type.Object({ uid: Type.String({ minLength: 1, maxLength: 40 }), title: Type.String({ minLength: 1 }) }),
]);
type DashboardModel = Static<typeof model>;

/**
 * The dashboard in a file, as Grafana shows it under "JSON model" or exports it.
 * @throws {StepError} `GRAFANA_DASHBOARD_UNREADABLE`, `GRAFANA_DASHBOARD_FOR_SHARING`
 */
export async function readDashboardFile(workdir: string, file: string): Promise<DashboardModel> {
  const path = resolve(workdir, file);
  const json = await readJson(path);
  if (typeof json === 'object' && json !== null && '__inputs' in json) throw exportedForSharing(path);
  if (Value.Check(model, json)) return json;
  throw unreadable(path, 'it has no `uid` (at most 40 characters) or no `title`');
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw unreadable(path, messageOf(error), error);
  }
}

const unreadable = (path: string, why: string, cause?: unknown) =>
  new StepError('GRAFANA_DASHBOARD_UNREADABLE', `${path} is not a valid dashboard: ${why}.`, {
    hint: 'Save the text that Grafana shows as "JSON model" in the settings of a dashboard.',
    cause,
  });

const exportedForSharing = (path: string) =>
  new StepError('GRAFANA_DASHBOARD_FOR_SHARING', `${path} was exported for sharing: somebody has to choose its data sources.`, {
    hint: 'Export it without "for sharing externally", or make the data source a variable of the dashboard.',
  });
