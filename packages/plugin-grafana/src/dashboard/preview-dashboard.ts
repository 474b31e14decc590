import { isFullyKnown, unknownUntilRun, type PlannedConfig, type Preview, type ReadContext } from 'relpipe/plugin';
import { dashboardConfig } from './dashboard-config.ts';
import { Grafana } from './grafana.ts';
import { readDashboard } from './read-dashboard.ts';

export async function previewDashboard(config: PlannedConfig<typeof dashboardConfig>, context: ReadContext): Promise<Preview> {
  if (!isFullyKnown<typeof dashboardConfig>(config)) {
    return { change: 'put a dashboard up', rollback: 'puts the former version back, or deletes a new one', unknownUntilRun: unknownUntilRun(config) };
  }
  const { uid, title } = await readDashboard(context.workdir, config.file);
  const there = await new Grafana(config, context).find(uid);
  if (!there) return { change: `put up the new dashboard ${title} (${uid})`, rollback: 'deletes it' };
  const { version } = there.meta;
  return { change: `the dashboard ${title} (${uid})`, from: `version ${version}`, to: `version ${version + 1}`, rollback: `puts back what version ${version} was` };
}
