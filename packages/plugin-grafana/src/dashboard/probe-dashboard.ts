import type { Probe, ProbeContext } from 'relpipe/plugin';
import type { DashboardChange, DashboardConfig, DashboardPut } from './dashboard-config.ts';
import { Grafana } from './grafana.ts';
import { ownVersion } from './own-version.ts';

/** Whether the version was made that a lost attempt asked for. */
export async function probeDashboard(config: DashboardConfig, context: ProbeContext<DashboardChange>): Promise<Probe<DashboardPut>> {
  const { saved } = context;
  if (!saved) return { found: 'not-done' }; // It never asked.
  const grafana = new Grafana(config, context);
  const there = await grafana.find(saved.uid);
  if (!there) return { found: 'not-done' };
  const own = await ownVersion(grafana, saved);
  if (own !== undefined) return { found: 'done', output: { uid: saved.uid, url: grafana.urlOf(there.meta.url ?? ''), version: own } };
  if (there.meta.version === saved.former?.version) return { found: 'not-done' };
  return { found: 'conflict', detail: `the dashboard ${saved.uid} is at version ${there.meta.version}, which this step did not make` };
}
