import { defineStep, plannedText, Type, unknownUntilRun, type Static } from 'relpipe/plugin';
import { imageReference } from '../image/reference.ts';
import { logins } from '../schemas.ts';
import { severities, type Severity } from './scan-report.ts';

const perSeverity = <S>(schema: S) => Object.fromEntries(severities.map((severity) => [severity, schema])) as Record<Severity, S>;

/** `with` of `docker.scan`. */
const scanConfig = Type.Object(
  {
    image: imageReference('The image to scan, best by its digest: a report about another image is refused'),
    command: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        description:
          'The scanner, run without a shell, which writes SARIF or the JSON of trivy or grype; default, without `report`: trivy, else grype',
      }),
    ),
    report: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'File that contains the report, from the folder of the pipeline file; default: the standard output of the command',
      }),
    ),
    max: Type.Optional(
      Type.Object(perSeverity(Type.Optional(Type.Integer({ minimum: 0 }))), {
        additionalProperties: false,
        description: 'Maximum number of findings by severity; default `{ critical: 0, high: 0 }`',
      }),
    ),
    logins: Type.Optional(logins),
  },
  { additionalProperties: false },
);
export type ScanSchema = typeof scanConfig;
export type ScanConfig = Static<ScanSchema>;

const scanned = Type.Object({
  scanner: Type.String({ description: 'Its name in the report' }),
  ...perSeverity(Type.Integer()),
});
export type Scanned = Static<typeof scanned>;

const impl = () => import('./scan.impl.ts');

/** `docker.scan`: with the scanner that is installed; a scan that examined nothing never passes. */
export const scan = defineStep({
  summary: 'Scans an image for vulnerabilities, and compares them with limits by severity',
  with: scanConfig,
  outputs: scanned,
  rollback: 'nothing',
  onLost: 'retry',
  verify: async (config, context) => (await impl()).verify(config, context),
  preview: async (config) => ({ change: `scan ${plannedText(config.image)}; nothing changes`, unknownUntilRun: unknownUntilRun(config) }),
  run: async (config, context) => (await impl()).run(config, context),
});
