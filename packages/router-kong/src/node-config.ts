import type { SideUnits } from '@relpipe/plugin-traffic/router';
import { StepError } from 'relpipe/plugin';
import { isMap, isScalar, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { refuseDuplicate, upstreamEmpty, upstreamUnknown } from './admin-api.ts';

/** The declarative configuration that a node exports: lists of entities, which refer to each other by id. */
export class NodeConfig {
  readonly weights: SideUnits;
  readonly #text: string;
  readonly #places: readonly WeightPlace[];

  /** @param url of the node, for messages */
  constructor(text: string, upstream: string, url: string) {
    this.#text = text;
    this.#places = placesIn(text, upstream, url);
    this.weights = Object.fromEntries(this.#places.map(({ target, weight }) => [target, weight]));
  }

  /** The same text with other weights; nothing else changes. */
  withWeights(weights: SideUnits): string {
    const lastFirst = this.#places.toSorted((a, b) => b.from - a.from);
    return lastFirst.reduce((text, { target, from, to }) => `${text.slice(0, from)}${weights[target] ?? 0}${text.slice(to)}`, this.#text);
  }
}

/** Where the weight of a target is in the text. */
interface WeightPlace {
  readonly target: string;
  readonly weight: number;
  readonly from: number;
  readonly to: number;
}

function placesIn(text: string, upstream: string, url: string): readonly WeightPlace[] {
  // Every scalar is read as a string: Kong writes YAML 1.1, in which other values are numbers than in YAML 1.2.
  const document = parseDocument(text, { schema: 'failsafe' });
  const [broken] = document.errors;
  if (broken) throw unreadableExport(`is not valid YAML: ${broken.message}`, url);
  const entities = (name: string): readonly YAMLMap[] => {
    const list = document.get(name);
    return isSeq(list) ? list.items.filter((item) => isMap(item)) : [];
  };
  const upstreams = entities('upstreams');
  const found = upstreams.find((entity) => [textOf(entity, 'name'), textOf(entity, 'id')].includes(upstream));
  if (!found) throw upstreamUnknown(upstream, upstreams.flatMap((entity) => textOf(entity, 'name') ?? []));
  const owners = [textOf(found, 'id'), textOf(found, 'name')];
  const places = entities('targets').filter((entity) => owners.includes(textOf(entity, 'upstream'))).map((entity) => placeOf(entity, url));
  if (places.length === 0) throw upstreamEmpty(upstream, url);
  refuseDuplicate(places, upstream);
  return places.toSorted((a, b) => a.target.localeCompare(b.target));
}

function placeOf(entity: YAMLMap, url: string): WeightPlace {
  const target = textOf(entity, 'target');
  const weight: unknown = entity.get('weight', true);
  if (target === undefined || !isScalar(weight) || !weight.range || !/^\d+$/.test(String(weight.value)))
    throw unreadableExport(`has no weight for the target ${target ?? '(without a name)'}`, url);
  return { target, weight: Number(weight.value), from: weight.range[0], to: weight.range[1] };
}

function textOf(entity: YAMLMap, key: string): string | undefined {
  const value: unknown = entity.get(key, true);
  return isScalar(value) ? String(value.value) : undefined;
}

const unreadableExport = (problem: string, url: string) =>
  new StepError('KONG_UNREADABLE', `The export of the Kong at ${url} ${problem}.`, {
    hint: 'relpipe reads the export of Kong 3; check GET /config of this node.',
  });
