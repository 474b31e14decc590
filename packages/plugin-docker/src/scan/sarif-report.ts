import { Type, type Static } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { severityOfScore, type ScanFinding, type ScanReport, type Severity } from './scan-report.ts';

const text = Type.Optional(Type.String());
const texts = Type.Optional(Type.Array(Type.String()));
const scored = Type.Optional(Type.Object({ 'security-severity': Type.Optional(Type.Union([Type.String(), Type.Number()])) }));

const rule = Type.Object({
  id: Type.String(),
  properties: scored,
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
  properties: scored,
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
      properties: Type.Optional(Type.Object({ imageName: text, imageID: text, repoDigests: texts, repoTags: texts })),
    }),
  ),
});
type Run = Static<typeof sarif>['runs'][number];

/** Undefined for a report in another format. */
export const readSarif = (report: unknown): ScanReport | undefined => (Value.Check(sarif, report) ? describe(report.runs) : undefined);

function describe(runs: readonly Run[]): ScanReport {
  const examined = runs.map(examinedOf);
  return {
    scanner: runs.map(({ tool }) => tool.driver.name).join(', '),
    scanned: runs.flatMap(({ properties: { imageName, imageID, repoDigests = [], repoTags = [] } = {} }) =>
      [imageName, imageID, ...repoDigests, ...repoTags].filter((name) => name !== undefined),
    ),
    // Every run has to have examined something: one run does not make up for another.
    examined: examined.length > 0 && examined.every((words) => words !== undefined) ? examined.join(', ') : undefined,
    findings: runs.flatMap((run) => (run.results ?? []).filter(counts).map((one) => findingOf(one, run.tool.driver.rules ?? []))),
  };
}

/** Without results, a run has examined something only if it lists artifacts or reports that it succeeded. */
function examinedOf({ results, artifacts = [], invocations = [] }: Run): string | undefined {
  if (results === undefined || invocations.some(({ executionSuccessful }) => !executionSuccessful)) return undefined;
  if (results.length > 0) return `${results.length} results`;
  if (artifacts.length > 0) return `${artifacts.length} artifacts`;
  return invocations.length > 0 ? 'a successful invocation' : undefined;
}

/** Accepted results do not count, nor those that are not failures. */
const counts = ({ suppressions = [], kind = 'fail' }: Result): boolean =>
  (kind === 'fail' || kind === 'open' || kind === 'review') && !suppressions.some(({ status = 'accepted' }) => status === 'accepted');

function findingOf(one: Result, rules: readonly Rule[]): ScanFinding {
  const own = rules.find(({ id }) => id === one.ruleId) ?? rules[one.ruleIndex ?? -1];
  const score = one.properties?.['security-severity'] ?? own?.properties?.['security-severity'];
  const level = one.level ?? own?.defaultConfiguration?.level ?? 'warning';
  const severity = score === undefined ? severityOfLevel(level) : severityOfScore(Number(score));
  return { id: one.ruleId ?? own?.id ?? 'a result without a rule', severity, in: one.message?.text?.split('\n')[0]?.slice(0, 120) ?? '' };
}

function severityOfLevel(level: string): Severity {
  const known: Readonly<Record<string, Severity>> = { error: 'high', warning: 'medium', note: 'low', none: 'negligible' };
  return known[level] ?? 'unknown';
}
