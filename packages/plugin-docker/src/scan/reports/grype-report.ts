import { Type, type Static } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { severityOf } from '../severity.ts';
import type { ScanReport } from './scan-report.ts';

const texts = Type.Optional(Type.Array(Type.String()));
const text = Type.Optional(Type.String());

/** `grype --output json`: https://github.com/anchore/grype/tree/main/schema/grype/json. */
const grypeReport = Type.Object({
  matches: Type.Array(
    Type.Object({
      vulnerability: Type.Object({ id: Type.String(), severity: Type.Optional(Type.String()) }),
      artifact: Type.Object({ name: Type.String(), version: text }),
    }),
  ),
  source: Type.Object({
    type: Type.String(),
    target: Type.Union([
      Type.String(),
      Type.Object({ userInput: text, imageID: text, manifestDigest: text, tags: texts, repoDigests: texts }),
    ]),
  }),
  distro: Type.Optional(Type.Object({ name: text, version: text })),
  descriptor: Type.Object({ name: Type.String() }),
});

/** Undefined for another kind of report. */
export const readGrype = (report: unknown): ScanReport | undefined => (Value.Check(grypeReport, report) ? describe(report) : undefined);

function describe({ matches, source: { target }, distro = {}, descriptor }: Static<typeof grypeReport>): ScanReport {
  const { userInput = '', imageID = '', manifestDigest = '', tags = [], repoDigests = [] } = typeof target === 'string' ? { userInput: target } : target;
  return {
    scanner: descriptor.name,
    scanned: [userInput, imageID, manifestDigest, ...tags, ...repoDigests].filter((name) => name !== ''),
    measured: measuredOf(matches.length, `${distro.name ?? ''} ${distro.version ?? ''}`.trim()),
    findings: matches.map(({ vulnerability, artifact }) => ({
      id: vulnerability.id,
      severity: severityOf(vulnerability.severity ?? 'unknown'),
      in: `${artifact.name} ${artifact.version ?? ''}`.trim(),
    })),
  };
}

/** It does not list the packages it has seen. Without a match, only a distribution that it knew tells that there were some. */
const measuredOf = (matches: number, distro: string): string | undefined => (distro !== '' ? distro : matches > 0 ? 'packages' : undefined);
