import { findingFrom, isFullyKnown, StepError, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { dashboardConfig } from './dashboard-config.ts';
import { Grafana } from './grafana.ts';
import { readDashboard } from './read-dashboard.ts';
import { refuseProvisioned } from './run-dashboard.ts';

/** Reads the file, and looks what is there under its uid. */
export async function verifyDashboard(config: PlannedConfig<typeof dashboardConfig>, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof dashboardConfig>(config)) return [notSettled];
  try {
    const { uid } = await readDashboard(context.workdir, config.file);
    const there = await new Grafana(config, context).find(uid);
    refuseProvisioned(uid, there);
    if (there?.meta.canSave === false) throw mayNotSave(uid);
    return [];
  } catch (error) {
    return [findingFrom(error)];
  }
}

const notSettled: Finding = { level: 'warning', code: 'GRAFANA_NOT_CHECKED', message: 'What to put up is only known when the run gets here.' };

const mayNotSave = (uid: string) =>
  new StepError('GRAFANA_REFUSED', `The dashboard ${uid} may not be saved with this token.`, {
    hint: 'Give `token` a service account that may write dashboards in this folder.',
  });
