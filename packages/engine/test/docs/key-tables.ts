import { gateShape, metricShape } from '../../src/validate/shapes/gate-shape.ts';
import { inputShape, pipelineShape, secretShape, stageShape } from '../../src/validate/shapes/pipeline-shape.ts';
import { stepShapes } from '../../src/validate/shapes/step-shape.ts';
import { retry } from '../../src/validate/shapes/shape-parts.ts';

/** The page of all keys, made of the shapes by which files are checked. */
export function keysPage(): string {
  const { approval, gate, hold, run, uses } = stepShapes;
  const common = Object.keys(hold.properties).filter((key) => [approval, gate, run, uses].every(({ properties }) => key in properties));
  const working = Object.keys(uses.properties).filter((key) => key in run.properties && !common.includes(key));
  const own = (shape: object, ...without: readonly string[]) => table(shape, (key) => ![...common, ...without].includes(key));
  return [
    '# Keys',
    'Every key of `release.pipeline.yaml`. This page is written by a test from the shapes by which files are checked; what the keys mean together is in\n[the language](language.md).',
    '## The file', table(pipelineShape),
    '## `inputs: NAME:`', table(inputShape),
    '## `secrets: NAME:`', table(secretShape),
    '## `retry:`', table(retry),
    '## `gates: NAME:`', table(gateShape),
    '## `gates: NAME: metrics: NAME:`', 'Either `uses` or `run`.', table(metricShape),
    '## `threshold:`', 'At least one limit; a metric that answers yes or no has none.', table(metricShape.properties.threshold),
    '## `stages: NAME:`', table(stageShape),
    '## Every step', 'A step also has exactly one of `run`, `uses`, `hold`, `gate` and `approval`.', table(hold, (key) => common.includes(key)),
    '## `run` and `uses`', table(uses, (key) => working.includes(key)),
    '## `run`', own(run, ...working),
    '## `uses`', own(uses, ...working),
    '## `hold`', own(hold),
    '## `gate`', own(gate),
    '## `approval`', own(approval),
    '## `matrix:`', table(run.properties.matrix),
  ].join('\n\n') + '\n';
}

interface Field {
  readonly type?: unknown;
  readonly description?: string;
  readonly 'x-expects'?: string;
  readonly 'x-relpipe'?: string;
}

function table(shape: object, isWanted: (key: string) => boolean = () => true): string {
  const { properties = {}, required = [] } = shape as { readonly properties?: Readonly<Record<string, Field>>; readonly required?: readonly string[] };
  const rows = Object.entries(properties)
    .filter(([key]) => isWanted(key))
    .map(([key, field]) => `| \`${key}\`${required.includes(key) ? ' *' : ''} | ${cell(takes(field))} | ${cell(field.description ?? '')} |`);
  return ['| key (* required) | takes | |', '|---|---|---|', ...rows].join('\n');
}

function takes(field: Field): string {
  const kind = field['x-relpipe'];
  if (kind !== undefined) return `a ${kind}`;
  return field['x-expects'] ?? String(field.type);
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
