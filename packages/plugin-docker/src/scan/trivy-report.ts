import { Type, type Static } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { severityOf, type ScanReport } from './scan-report.ts';

const string = Type.Optional(Type.String());
const strings = Type.Optional(Type.Array(Type.String()));

/** `trivy image --format json`: https://trivy.dev/latest/docs/configuration/reporting/. */
const trivyReport = Type.Object({
  SchemaVersion: Type.Integer(),
  ArtifactName: Type.String(),
  Metadata: Type.Optional(Type.Object({ ImageID: string, RepoTags: strings, RepoDigests: strings })),
  Results: Type.Optional(
    Type.Array(
      Type.Object({
        Target: Type.String(),
        Class: string,
        Vulnerabilities: Type.Optional(
          Type.Array(
            Type.Object({ VulnerabilityID: Type.String(), Severity: Type.String(), PkgName: Type.String(), InstalledVersion: string }),
          ),
        ),
      }),
    ),
  ),
});

/** Undefined for a report in another format. */
export const readTrivy = (report: unknown): ScanReport | undefined => (Value.Check(trivyReport, report) ? describe(report) : undefined);

function describe({ ArtifactName, Metadata = {}, Results = [] }: Static<typeof trivyReport>): ScanReport {
  const { ImageID, RepoTags = [], RepoDigests = [] } = Metadata;
  // Results about secrets and licences say nothing about vulnerabilities.
  const packages = Results.filter(({ Class }) => Class === 'os-pkgs' || Class === 'lang-pkgs');
  return {
    scanner: 'trivy',
    scanned: [ArtifactName, ...(ImageID === undefined ? [] : [ImageID]), ...RepoTags, ...RepoDigests],
    examined: packages.length === 0 ? undefined : packages.map(({ Target }) => Target).join(', '),
    findings: packages.flatMap(({ Vulnerabilities = [] }) =>
      Vulnerabilities.map(({ VulnerabilityID, Severity, PkgName, InstalledVersion = '' }) => ({
        id: VulnerabilityID,
        severity: severityOf(Severity),
        in: `${PkgName} ${InstalledVersion}`.trim(),
      })),
    ),
  };
}
