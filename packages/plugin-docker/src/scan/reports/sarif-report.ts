import { Type, type Static } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { severityOfScore, type Severity } from '../severity.ts';
import type { ScanReport } from './scan-report.ts';

const text = Type.Optional(Type.String());

const rule = Type.Object({
  id: Type.String(),
  properties: Type.Optional(Type.Object({ 'security-severity': Type.Optional(Type.Union([Type.String(), Type.Number()])) })),
  defaultConfiguration: Type.Optional(Type.Object({ level: text })),
});
type Rule = Static<typeof rule>;

const result = Type.Object({
  ruleId: text,
  ruleIndex: Type.Optional(Type.Integer()),
  level: text,
  kind: text,
  message: Type.Optional(Type.Object({ text })),
  suppressions: Type.Optional(Type.Array(Type.Object({ status: text }))),
  properties: Type.Optional(Type.Object({ 'security-severity': Type.Optional(Type.Union([Type.String(), Type.Number()])) })),
});
type Result = Static<typeof result>;

/** SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/. */
const sarif = Type.Object({
  version: Type.Literal('2.1.0'),
  runs: Type.Array(
    Type.Object({
      tool: Type.Object({ driver: Type.Object({ name: Type.String(), rules: Type.Optional(Type.Array(rule)) }) }),
      results: Type.Optional(Type.Array(result)),
      artifacts: Type.Optional(Type.Array(Type.Unknown())),
      invocations: Type.Optional(Type.Array(Type.Object({ executionSuccessful: Type.Boolean() }))),
      properties: Type.Optional(Type.Object({ imageName: text, imageID: text, repoDigests: Type.Optional(Type.Array(Type.String())), repoTags: Type.Optional(Type.Array(Type.String())) })),
    }),
  ),
});
type Run = Static<typeof sarif>['runs'][number];

/** Undefined for another kind of report. */
export const readSarif = (report: unknown): ScanReport | undefined => (Value.Check(sarif, report) ? describe(report.runs) : undefined);

function describe(runs: readonly Run[]): ScanReport {
  const measured = runs.map(measuredOf);
  return {
    scanner: runs.map(({ tool }) => tool.driver.name).join(', '),
    scanned: runs.flatMap(({ properties = {} }) =>
      [properties.imageName, properties.imageID, ...(properties.repoDigests ?? []), ...(properties.repoTags ?? [])].filter((name) => name !== undefined),
    ),
    // Each of the runs has to have measured something: one that did not is not made good by another.
    measured: measured.length > 0 && measured.every((words) => words !== undefined) ? measured.join(', ') : undefined,
    findings: runs.flatMap((run) => (run.results ?? []).filter(counts).map((one) => findingOf(one, run.tool.driver.rules ?? []))),
  };
}

/** Without results, only what the scanner says it looked at, or that it came to its end, tells that it did. */
function measuredOf({ results, artifacts = [], invocations = [] }: Run): string | undefined {
  if (results === undefined || invocations.some(({ executionSuccessful }) => !executionSuccessful)) return undefined;
  if (results.length > 0) return `${results.length} results`;
  if (artifacts.length > 0) return `${artifacts.length} artifacts`;
  return invocations.length > 0 ? 'a successful invocation' : undefined;
}

/** What was accepted does not count, nor what is not a failure. */
const counts = ({ suppressions = [], kind = 'fail' }: Result): boolean =>
  (kind === 'fail' || kind === 'open' || kind === 'review') && !suppressions.some(({ status = 'accepted' }) => status === 'accepted');

function findingOf(one: Result, rules: readonly Rule[]): ScanReport['findings'][number] {
  const own = rules.find(({ id }) => id === one.ruleId) ?? rules[one.ruleIndex ?? -1];
  const score = one.properties?.['security-severity'] ?? own?.properties?.['security-severity'];
  const severity = score === undefined ? severityOfLevel(one.level ?? own?.defaultConfiguration?.level ?? 'warning') : severityOfScore(Number(score));
  return { id: one.ruleId ?? own?.id ?? 'a result without a rule', severity, in: one.message?.text?.split('\n')[0]?.slice(0, 120) ?? '' };
}

function severityOfLevel(level: string): Severity {
  const known: Readonly<Record<string, Severity>> = { error: 'high', warning: 'medium', note: 'low', none: 'negligible' };
  return known[level] ?? 'unknown';
}
