import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type ChannelType,
  type CompositeType,
  type MetricType,
  type Plugin,
  type Provision,
  rollbackKindOf,
  type StepType,
} from '../packages/engine/src/contract/index.ts';

/** What each type was tested on, by its name: programs, or a stand-in. */
export type ProvenOn = Readonly<Record<string, readonly string[]>>;

/** The types of a plugin as a table in Markdown. Throws where `provenOn` lacks a type, or has one that the plugin does not. */
export function stepTable(plugin: Plugin, provenOn: ProvenOn): string {
  const rows = rowsOf(plugin);
  const unknown = Object.keys(provenOn).filter((name) => !rows.some((row) => row.name === name));
  if (unknown.length > 0) throw new Error(`proven-on.json lists types that ${plugin.name} does not have: ${unknown.join(', ')}`);
  return [head, ...rows.map((row) => line(row, provenOn[row.name]))].join('\n');
}

const head = `| type | purpose | verify, before the run | probe, after a crash | rollback | proven on |
|---|---|---|---|---|---|`;

interface Row {
  readonly name: string;
  readonly kind?: string;
  readonly purpose: string;
  readonly verify: string;
  readonly probe: string;
  readonly rollback: string;
}

function line({ name, kind, purpose, verify, probe, rollback }: Row, proofs: readonly string[] | undefined): string {
  if (proofs === undefined) throw new Error(`proven-on.json does not list ${name}`);
  const title = `\`${name}\`${kind === undefined ? '' : ` (${kind})`}`;
  return `| ${[title, purpose, verify, probe, rollback, proofs.join(', ')].join(' | ')} |`;
}

const rowsOf = ({ name, steps = {}, composites = {}, metrics = {}, channels = {}, provides = {} }: Plugin): readonly Row[] => [
  ...Object.entries(steps).map(([type, step]) => ({ name: `${name}.${type}`, ...stepRow(step) })),
  ...Object.entries(composites).map(([type, composite]) => ({ name: `${name}.${type}`, ...compositeRow(composite) })),
  ...Object.entries(metrics).map(([type, metric]) => ({ name: `${name}.${type}`, ...metricRow(metric) })),
  ...Object.entries(channels).map(([type, channel]) => ({ name: `${name}.${type}`, ...channelRow(channel) })),
  ...Object.entries(provides).flatMap(([point, provisions]) =>
    Object.entries(provisions).map(([provision, provided]) => ({ name: provision, ...provisionRow(point, provided) })),
  ),
];

const none = '–';

const stepRow = (step: StepType): Omit<Row, 'name'> => ({
  purpose: step.summary,
  verify: step.verify ? 'yes' : none,
  probe: { probe: 'checks whether it is done', retry: 'runs again', ask: 'asks a person' }[step.onLost],
  rollback: `${{ automatic: 'automatic', assisted: 'by a person', nothing: 'nothing to roll back', impossible: 'impossible' }[rollbackKindOf(step)]}${teardownOf(step)}`,
});

const teardownOf = ({ teardown }: StepType): string => (teardown === undefined ? '' : `; teardown at the end of its ${teardown.scope}`);

const compositeRow = (composite: CompositeType): Omit<Row, 'name'> => ({
  kind: 'composite',
  purpose: composite.summary,
  verify: 'its steps',
  probe: 'its steps',
  rollback: composite.rollback ? 'as one, by its own rollback steps' : 'its steps, the last one first',
});

const metricRow = (metric: MetricType): Omit<Row, 'name'> => ({
  kind: 'metric',
  purpose: metric.summary,
  verify: metric.verify ? 'yes' : none,
  probe: metric.answersForThePast ? 'samples the time it missed' : 'samples from then on',
  rollback: none,
});

const channelRow = (channel: ChannelType): Omit<Row, 'name'> => ({
  kind: 'channel',
  purpose: channel.summary,
  verify: channel.verify ? 'yes' : none,
  probe: probeOfChannel(channel),
  rollback: none,
});

/** What becomes of a message of which nobody knows whether it arrived. */
function probeOfChannel(channel: ChannelType): string {
  if (channel.update) return 'replaces its document';
  return channel.recognizesRepetition ? 'repeats where the receiver recognizes it' : 'repeats only what must arrive';
}

const provisionRow = (point: string, { summary }: Provision): Omit<Row, 'name'> => ({
  kind: `for \`${point}\``,
  purpose: summary,
  verify: none,
  probe: none,
  rollback: none,
});

/** A README with a new table between its two marks. Throws where they are missing. */
export function withTable(readme: string, table: string): string {
  const [start, end] = [readme.indexOf(opening), readme.indexOf(closing)];
  if (start < 0 || end < start) throw new Error(`the README has no ${opening} … ${closing}`);
  return `${readme.slice(0, start + opening.length)}\n\n${table}\n\n${readme.slice(end)}`;
}

const opening = '<!-- steps -->';
const closing = '<!-- /steps -->';

export interface PluginPackage {
  readonly folder: string;
  readonly readme: string;
  readonly provenOn: ProvenOn;
  readonly load: () => Promise<Plugin>;
}

const packages = join(import.meta.dirname, '../packages');

/** The packages of the workspace that are plugins, by the keyword in their package.json. */
export const pluginPackages = (): readonly PluginPackage[] =>
  readdirSync(packages)
    .map((name) => join(packages, name))
    .filter(isPlugin)
    .map((folder) => ({
      folder,
      readme: join(folder, 'README.md'),
      provenOn: readJson<ProvenOn>(join(folder, 'proven-on.json')),
      load: async () => ((await import(pathToFileURL(join(folder, 'src/index.ts')).href)) as { readonly default: Plugin }).default,
    }));

const isPlugin = (folder: string): boolean =>
  readJson<{ readonly keywords?: readonly string[] }>(join(folder, 'package.json')).keywords?.includes('relpipe-plugin') === true;

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;
