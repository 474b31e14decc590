import { StepError, type RunContext } from 'relpipe/plugin';
import type { DashboardChange, DashboardConfig, DashboardPut } from './dashboard-config.ts';
import { Grafana, type FoundDashboard } from './grafana.ts';
import { ownVersion } from './own-version.ts';
import { readDashboard } from './read-dashboard.ts';

/** Saves a new version on top of the one that was looked at. What was there is saved first. */
export async function runDashboard(config: DashboardConfig, context: RunContext<DashboardChange>): Promise<DashboardPut> {
  const model = await readDashboard(context.workdir, config.file);
  const grafana = new Grafana(config, context);
  const there = await grafana.find(model.uid);
  refuseProvisioned(model.uid, there);
  if (context.saved && there) {
    // A first attempt may have been heard.
    const own = await ownVersion(grafana, context.saved);
    if (own !== undefined) return { uid: model.uid, url: grafana.urlOf(there.meta.url ?? ''), version: own };
  }
  const change = context.saved ?? { uid: model.uid, mark: `[relpipe ${context.idempotencyKey}]`, former: formerOf(there) };
  await context.saveState(change);
  const { former, mark } = change;
  const message = [config.message ?? '', mark].join(' ').trim();
  const put = await grafana.save({ model, folder: config.folder ?? former?.folder ?? '', message, basedOn: former?.version ?? 0 });
  const url = grafana.urlOf(put.url);
  context.log(`version ${put.version} of ${url}`);
  return { uid: put.uid, url, version: put.version };
}

function formerOf(there: FoundDashboard | undefined): DashboardChange['former'] {
  return there ? { dashboard: there.dashboard, folder: there.meta.folderUid ?? '', version: there.meta.version } : null;
}

/** @throws {StepError} `GRAFANA_DASHBOARD_PROVISIONED` */
export function refuseProvisioned(uid: string, there: FoundDashboard | undefined): void {
  if (there?.meta.provisioned !== true) return;
  throw new StepError('GRAFANA_DASHBOARD_PROVISIONED', `The dashboard ${uid} is provisioned from a file of the server, so it cannot be saved.`, {
    hint: 'Change that file instead, or give the dashboard another uid.',
  });
}
