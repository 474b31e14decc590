import { rollbackKindOf, type CompositeType, type MetricType, type Plugin, type Provision, type ReporterType, type StepType } from '../../packages/engine/src/contract/index.ts';

/** Where each type was seen working, by its name: programs with their versions, or a stand-in. */
export type ProvenOn = Readonly<Record<string, readonly string[]>>;

/** What a plugin brings, as a table in Markdown. Throws for a type of which nobody says where it was proven, and for one that it does not bring. */
export function stepTable(plugin: Plugin, provenOn: ProvenOn): string {
  const rows = rowsOf(plugin);
  const strangers = Object.keys(provenOn).filter((name) => !rows.some((row) => row.name === name));
  if (strangers.length > 0) throw new Error(`${plugin.name} brings no ${strangers.join(', ')}`);
  return [head, ...rows.map((row) => line(row, provenOn[row.name]))].join('\n');
}

const head = `| type | does | verify, before the run | probe, after a crash | undo | proven on |
|---|---|---|---|---|---|`;

interface Row {
  readonly name: string;
  readonly kind?: string;
  readonly does: string;
  readonly verify: string;
  readonly probe: string;
  readonly undo: string;
}

function line({ name, kind, does, verify, probe, undo }: Row, proofs: readonly string[] | undefined): string {
  if (proofs === undefined) throw new Error(`nobody says where ${name} was proven`);
  const title = `\`${name}\`${kind === undefined ? '' : ` (${kind})`}`;
  return `| ${[title, does, verify, probe, undo, proofs.join(', ')].join(' | ')} |`;
}

const rowsOf = ({ name, steps = {}, composites = {}, metrics = {}, reporters = {}, provides = {} }: Plugin): readonly Row[] => [
  ...Object.entries(steps).map(([type, step]) => ({ name: `${name}.${type}`, ...stepRow(step) })),
  ...Object.entries(composites).map(([type, composite]) => ({ name: `${name}.${type}`, ...compositeRow(composite) })),
  ...Object.entries(metrics).map(([type, metric]) => ({ name: `${name}.${type}`, ...metricRow(metric) })),
  ...Object.entries(reporters).map(([type, reporter]) => ({ name: `${name}.${type}`, ...reporterRow(reporter) })),
  ...Object.entries(provides).flatMap(([point, provisions]) =>
    Object.entries(provisions).map(([provision, provided]) => ({ name: provision, ...provisionRow(point, provided) })),
  ),
];

const none = '–';

const stepRow = (step: StepType): Omit<Row, 'name'> => ({
  does: step.summary,
  verify: step.verify ? 'yes' : none,
  probe: { probe: 'looks whether it is so', retry: 'runs again', ask: 'asks a person' }[step.onLost],
  undo: `${{ automatic: 'by itself', assisted: "with a person's help", nothing: 'nothing to roll back', impossible: 'not at all' }[rollbackKindOf(step)]}${released(step)}`,
});

const released = ({ teardown: release }: StepType): string => (release === undefined ? '' : `; torn down at the end of its ${release.scope}`);

const compositeRow = (composite: CompositeType): Omit<Row, 'name'> => ({
  kind: 'composite',
  does: composite.summary,
  verify: 'its steps',
  probe: 'its steps',
  undo: composite.rollback ? 'as one, by steps of its own' : 'its steps, the last one first',
});

const metricRow = (metric: MetricType): Omit<Row, 'name'> => ({
  kind: 'metric',
  does: metric.summary,
  verify: metric.verify ? 'yes' : none,
  probe: metric.answersForThePast ? 'looks at the time it missed' : 'looks from now on',
  undo: none,
});

const reporterRow = ({ summary }: ReporterType): Omit<Row, 'name'> => ({ kind: 'reporter', does: summary, verify: none, probe: 'hears the whole run', undo: none });

const provisionRow = (point: string, { summary }: Provision): Omit<Row, 'name'> => ({
  kind: `for \`${point}\``,
  does: summary,
  verify: none,
  probe: none,
  undo: none,
});
