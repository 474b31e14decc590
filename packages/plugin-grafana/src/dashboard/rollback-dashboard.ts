import { StepError, type RollbackContext } from 'relpipe/plugin';
import type { DashboardChange, DashboardConfig, DashboardPut } from './dashboard-config.ts';
import { Grafana } from './grafana.ts';
import { ownVersion } from './own-version.ts';

/**
 * Saves the former dashboard as the newest version, or deletes one that was new. What somebody else has saved since is left alone.
 * @throws {StepError} `GRAFANA_DASHBOARD_MOVED`
 */
export async function rollbackDashboard(config: DashboardConfig, context: RollbackContext<DashboardChange, DashboardPut>): Promise<void> {
  const { saved } = context;
  if (!saved) return; // Nothing was touched.
  const grafana = new Grafana(config, context);
  const there = await grafana.find(saved.uid);
  if (!there) return; // It is gone, or never was.
  const own = await ownVersion(grafana, saved);
  if (own === undefined || (await isUndone(grafana, saved))) return;
  if (own !== there.meta.version) throw moved(saved.uid, own, there.meta.version);
  if (!saved.former) await grafana.remove(saved.uid);
  else await putBack(grafana, saved, saved.former, own);
  context.log(saved.former ? `the dashboard is as in version ${saved.former.version}` : 'the dashboard is deleted');
}

const undoMark = ({ mark }: DashboardChange): string => `${mark} undone`;

const isUndone = async (grafana: Grafana, change: DashboardChange): Promise<boolean> =>
  (await grafana.versions(change.uid)).some(({ message }) => message?.endsWith(undoMark(change)) === true);

async function putBack(grafana: Grafana, change: DashboardChange, former: NonNullable<DashboardChange['former']>, basedOn: number): Promise<void> {
  await grafana.save({ model: former.dashboard, folder: former.folder, message: undoMark(change), basedOn });
}

const moved = (uid: string, own: number, now: number) =>
  new StepError('GRAFANA_DASHBOARD_MOVED', `The dashboard ${uid} is at version ${now} now, and not at ${own}, as this run left it.`, {
    hint: 'SampleRequest at its history in Grafana, and restore there what you want to keep.',
  });
