import { Type, type Static } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { severityOf, type ScanReport } from './scan-report.ts';

const string = Type.Optional(Type.String());
const strings = Type.Optional(Type.Array(Type.String()));

/** `grype --output json`: https://github.com/anchore/grype/tree/main/schema/grype/json. */
const grypeReport = Type.Object({
  matches: Type.Array(
    Type.Object({
      vulnerability: Type.Object({ id: Type.String(), severity: Type.Optional(Type.String()) }),
      artifact: Type.Object({ name: Type.String(), version: string }),
    }),
  ),
  source: Type.Object({
    type: Type.String(),
    target: Type.Union([
      Type.String(),
      Type.Object({ userInput: string, imageID: string, manifestDigest: string, tags: strings, repoDigests: strings }),
    ]),
  }),
  distro: Type.Optional(Type.Object({ name: string, version: string })),
  descriptor: Type.Object({ name: Type.String() }),
});

/** Undefined for a report in another format. */
export const readGrype = (report: unknown): ScanReport | undefined => (Value.Check(grypeReport, report) ? describe(report) : undefined);

function describe({ matches, source: { target }, distro = {}, descriptor }: Static<typeof grypeReport>): ScanReport {
  const image = typeof target === 'string' ? { userInput: target } : target;
  const { userInput = '', imageID = '', manifestDigest = '', tags = [], repoDigests = [] } = image;
  return {
    scanner: descriptor.name,
    scanned: [userInput, imageID, manifestDigest, ...tags, ...repoDigests].filter((name) => name !== ''),
    examined: examinedOf(matches.length, `${distro.name ?? ''} ${distro.version ?? ''}`.trim()),
    findings: matches.map(({ vulnerability, artifact }) => ({
      id: vulnerability.id,
      severity: severityOf(vulnerability.severity ?? 'unknown'),
      in: `${artifact.name} ${artifact.version ?? ''}`.trim(),
    })),
  };
}

/** Grype does not list the packages it has seen. Without a match, only a known distribution shows that there were some. */
const examinedOf = (matches: number, distro: string): string | undefined => (distro !== '' ? distro : matches > 0 ? 'packages' : undefined);
