import { Type, type Static } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { severityOf } from '../severity.ts';
import type { ScanReport } from './scan-report.ts';

const texts = Type.Optional(Type.Array(Type.String()));

/** `trivy image --format json`: https://trivy.dev/latest/docs/configuration/reporting/. */
const trivyReport = Type.Object({
  SchemaVersion: Type.Integer(),
  ArtifactName: Type.String(),
  Metadata: Type.Optional(Type.Object({ ImageID: Type.Optional(Type.String()), RepoTags: texts, RepoDigests: texts })),
  Results: Type.Optional(
    Type.Array(
      Type.Object({
        Target: Type.String(),
        Class: Type.Optional(Type.String()),
        Vulnerabilities: Type.Optional(
          Type.Array(
            Type.Object({ VulnerabilityID: Type.String(), Severity: Type.String(), PkgName: Type.String(), InstalledVersion: Type.Optional(Type.String()) }),
          ),
        ),
      }),
    ),
  ),
});

/** Undefined for another kind of report. */
export const readTrivy = (report: unknown): ScanReport | undefined => (Value.Check(trivyReport, report) ? describe(report) : undefined);

function describe({ ArtifactName, Metadata = {}, Results = [] }: Static<typeof trivyReport>): ScanReport {
  // Secrets and licences are results as well, and say nothing about vulnerabilities.
  const packages = Results.filter(({ Class }) => Class === 'os-pkgs' || Class === 'lang-pkgs');
  return {
    scanner: 'trivy',
    scanned: [ArtifactName, ...(Metadata.ImageID === undefined ? [] : [Metadata.ImageID]), ...(Metadata.RepoTags ?? []), ...(Metadata.RepoDigests ?? [])],
    measured: packages.length === 0 ? undefined : packages.map(({ Target }) => Target).join(', '),
    findings: packages.flatMap(({ Vulnerabilities = [] }) =>
      Vulnerabilities.map(({ VulnerabilityID, Severity, PkgName, InstalledVersion = '' }) => ({
        id: VulnerabilityID,
        severity: severityOf(Severity),
        in: `${PkgName} ${InstalledVersion}`.trim(),
      })),
    ),
  };
}
