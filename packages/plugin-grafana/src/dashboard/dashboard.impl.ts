import { isDeepStrictEqual } from 'node:util';
import {
  isFullyKnown,
  StepError,
  unknownUntilRun,
  type AutomaticRollbackContext,
  type Finding,
  type PlannedConfig,
  type Preview,
  type Probe,
  type ProbeContext,
  type ReadContext,
  type RunContext,
} from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import type { DashboardConfig, DashboardOutputs, DashboardSchema, DashboardState } from './dashboard.ts';
import { readDashboardFile } from './dashboard-file.ts';
import { Grafana, type FoundDashboard } from './grafana.ts';

/** Reads the file, and checks that the dashboard with its uid, where there is one, can be saved. */
export async function verify(config: PlannedConfig<DashboardSchema>, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<DashboardSchema>(config)) return [notChecked];
  try {
    const { uid } = await readDashboardFile(context.workdir, config.file);
    const found = await new Grafana(config, context).find(uid);
    refuseProvisioned(uid, found);
    if (found?.meta.canSave === false) throw notPermitted(uid);
    return [];
  } catch (error) {
    return [findingFrom(error)];
  }
}

const notChecked: Finding = {
  level: 'warning',
  code: 'GRAFANA_NOT_CHECKED',
  message: 'The dashboard could not be checked: its configuration depends on steps that have not run yet.',
};

const notPermitted = (uid: string) =>
  new StepError('GRAFANA_REFUSED', `This token is not permitted to save the dashboard ${uid}.`, {
    hint: 'Set `token` to that of a service account that may write dashboards in this folder.',
  });

/** Says which version would be saved, and what a rollback would save after it. */
export async function preview(config: PlannedConfig<DashboardSchema>, context: ReadContext): Promise<Preview> {
  if (!isFullyKnown<DashboardSchema>(config)) {
    const rollback = 'restores the previous version, or deletes a new dashboard';
    return { change: 'save a dashboard', rollback, unknownUntilRun: unknownUntilRun(config) };
  }
  const { uid, title } = await readDashboardFile(context.workdir, config.file);
  const found = await new Grafana(config, context).find(uid);
  if (!found) return { change: `create the dashboard ${title} (${uid})`, rollback: 'deletes it' };
  const { version } = found.meta;
  return {
    change: `save the dashboard ${title} (${uid})`,
    from: `version ${version}`,
    to: `version ${version + 1}`,
    rollback: `restores version ${version} as a new version`,
  };
}

/** Whether a lost attempt saved its version. */
export async function probe(config: DashboardConfig, context: ProbeContext<DashboardState>): Promise<Probe<DashboardOutputs>> {
  const { saved } = context;
  if (!saved) return { found: 'not-done' }; // It was lost before its request.
  const grafana = new Grafana(config, context);
  const found = await grafana.find(saved.uid);
  if (!found) return { found: 'not-done' };
  const own = await ownVersion(grafana, saved);
  if (own !== undefined) return { found: 'done', output: { uid: saved.uid, url: grafana.urlOf(found.meta.url ?? ''), version: own } };
  if (found.meta.version === saved.previous?.version) return { found: 'not-done' };
  return { found: 'conflict', detail: `the dashboard ${saved.uid} is at version ${found.meta.version}, which this step did not save` };
}

/** Saves a new version on top of the one it read, and saves that one in the state first. */
export async function run(config: DashboardConfig, context: RunContext<DashboardState>): Promise<DashboardOutputs> {
  const model = await readDashboardFile(context.workdir, config.file);
  const grafana = new Grafana(config, context);
  const found = await grafana.find(model.uid);
  refuseProvisioned(model.uid, found);
  if (context.saved && found) {
    // The server may have processed an earlier attempt whose response was lost.
    const own = await ownVersion(grafana, context.saved);
    if (own !== undefined) return { uid: model.uid, url: grafana.urlOf(found.meta.url ?? ''), version: own };
  }
  const state = context.saved ?? { uid: model.uid, mark: `[relpipe ${context.idempotencyKey}]`, previous: previousOf(found) };
  await context.saveState(state);
  const { previous, mark } = state;
  const message = [config.message ?? '', mark].join(' ').trim();
  const saved = await grafana.save({ model, folder: config.folder ?? previous?.folder ?? '', message, basedOn: previous?.version ?? 0 });
  const url = grafana.urlOf(saved.url);
  context.log(`saved version ${saved.version} of ${url}`);
  return { uid: saved.uid, url, version: saved.version };
}

const previousOf = (found: FoundDashboard | undefined): DashboardState['previous'] =>
  found ? { dashboard: found.dashboard, folder: found.meta.folderUid ?? '', version: found.meta.version } : null;

/** @throws {StepError} `GRAFANA_DASHBOARD_PROVISIONED` */
function refuseProvisioned(uid: string, found: FoundDashboard | undefined): void {
  if (found?.meta.provisioned !== true) return;
  const message = `The dashboard ${uid} is provisioned from a file on the server and cannot be saved.`;
  throw new StepError('GRAFANA_DASHBOARD_PROVISIONED', message, { hint: 'Change that file instead, or use another uid.' });
}

/** The version that this step saved, by its mark in the history; undefined when there is none. */
async function ownVersion(grafana: Grafana, { uid, mark }: DashboardState): Promise<number | undefined> {
  const versions = await grafana.versions(uid);
  return versions.find(({ message }) => message?.endsWith(mark) === true)?.version;
}

/**
 * Saves the previous dashboard as the newest version, or deletes a new one. What somebody else did since is kept, unless a person has
 * decided otherwise.
 * @throws {StepError} `GRAFANA_DASHBOARD_CHANGED`
 */
export async function rollback(config: DashboardConfig, context: AutomaticRollbackContext<DashboardState, DashboardOutputs>): Promise<void> {
  const { saved, overwrite } = context;
  if (!saved) return; // Nothing was changed.
  const grafana = new Grafana(config, context);
  const found = await grafana.find(saved.uid);
  const { previous, uid } = saved;
  if (!found && !previous) return; // It was deleted since, or never created.
  if (found) {
    const own = await ownVersion(grafana, saved);
    const isOthers = own !== found.meta.version;
    if (own === undefined || (isOthers && isSameAs(previous, found)) || (await isRolledBack(grafana, saved))) return;
    if (isOthers && !overwrite) throw changedSince(uid, `saved version ${own}, and it is at version ${found.meta.version} now`);
  } else if (!overwrite) {
    throw changedSince(uid, 'saved it, and it does not exist any more');
  }
  // Grafana refuses another version than the one that was read just now.
  const basedOn = found?.meta.version ?? 0;
  if (!previous) await grafana.remove(uid);
  else await grafana.save({ model: previous.dashboard, folder: previous.folder, message: rollbackMark(saved), basedOn });
  context.log(previous ? `restored version ${previous.version} of the dashboard` : 'deleted the dashboard');
}

/** Whether it has the previous content, in any version: somebody may have restored it in Grafana. */
const isSameAs = (previous: DashboardState['previous'], { dashboard, meta }: FoundDashboard): boolean =>
  previous !== null && previous.folder === (meta.folderUid ?? '') && isDeepStrictEqual(contentOf(previous.dashboard), contentOf(dashboard));

const contentOf = (model: FoundDashboard['dashboard']) => ({ ...model, id: null, version: null });

const rollbackMark = ({ mark }: DashboardState): string => `${mark} rolled back`;

const isRolledBack = async (grafana: Grafana, state: DashboardState): Promise<boolean> =>
  (await grafana.versions(state.uid)).some(({ message }) => message?.endsWith(rollbackMark(state)) === true);

function changedSince(uid: string, what: string): StepError {
  const message = `Somebody changed the dashboard ${uid}: this run ${what}.`;
  const hint = 'Compare the versions in its history in Grafana, and restore there the one you want to keep.';
  return new StepError('GRAFANA_DASHBOARD_CHANGED', message, { hint, changedByOthers: true });
}
