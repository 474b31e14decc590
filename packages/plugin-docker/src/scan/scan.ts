import { defineStep, plannedText, unknownUntilRun } from 'relpipe/plugin';
import { scanConfig, scanned } from './scan-config.ts';

/** `docker.scan`: with the scanner that the user has; a scan that measured nothing never passes. */
export const scan = defineStep({
  summary: 'Scans an image for vulnerabilities, and holds them to limits by severity',
  with: scanConfig,
  outputs: scanned,
  rollback: 'nothing',
  onLost: 'retry',
  verify: async (config, context) => (await import('./verify-scan.ts')).verifyScan(config, context),
  preview: async (config) => ({ change: `scan ${plannedText(config.image)}; nothing changes`, unknownUntilRun: unknownUntilRun(config) }),
  run: async (config, context) => (await import('./run-scan.ts')).runScan(config, context),
});
