import { defineStep } from 'relpipe/plugin';
import { dashboardChange, dashboardConfig, dashboardPut } from './dashboard-config.ts';

/** `grafana.dashboard`: puts a dashboard up, from a file, as a new version of what is there. */
export const dashboard = defineStep({
  summary: 'Puts a dashboard up, or a new version of it',
  with: dashboardConfig,
  outputs: dashboardPut,
  state: dashboardChange,
  onLost: 'probe',
  // Loaded when it is used: reading a pipeline file needs none of it.
  verify: async (config, context) => (await import('./verify-dashboard.ts')).verifyDashboard(config, context),
  preview: async (config, context) => (await import('./preview-dashboard.ts')).previewDashboard(config, context),
  probe: async (config, context) => (await import('./probe-dashboard.ts')).probeDashboard(config, context),
  run: async (config, context) => (await import('./run-dashboard.ts')).runDashboard(config, context),
  rollback: { run: async (config, context) => (await import('./rollback-dashboard.ts')).rollbackDashboard(config, context) },
});
