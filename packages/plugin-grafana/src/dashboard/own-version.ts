import type { DashboardChange } from './dashboard-config.ts';
import type { Grafana } from './grafana.ts';

/** The version that a step has made, by its mark in the history; undefined when there is none. */
export async function ownVersion(grafana: Grafana, { uid, mark }: DashboardChange): Promise<number | undefined> {
  const versions = await grafana.versions(uid);
  return versions.find(({ message }) => message?.endsWith(mark) === true)?.version;
}
