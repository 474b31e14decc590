import type { TSchema } from 'typebox';
import { schemaKeyword } from '../../contract/schema-words.ts';
import { gateShape, metricShape } from './gate-shape.ts';
import { channelShape, groupShape, inputShape, peopleShape, pipelineShape, secretShape, stageShape, windowShape } from './pipeline-shape.ts';
import { stepShapes } from './step-shape.ts';
import { expectsKeyword } from '../../schema/schema-node.ts';

/**
 * The whole language as one JSON Schema, for editors. `relpipe validate` also checks names, units and expressions, which a schema cannot
 * express.
 */
export function languageSchema(): Readonly<Record<string, unknown>> {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:relpipe:schema:release.pipeline:1',
    title: 'relpipe pipeline',
    ...withInside(pipelineShape, {
      inputs: mapOf('input'),
      secrets: mapOf('secret'),
      windows: mapOf('window'),
      groups: mapOf('group'),
      gates: mapOf('gate'),
      notify: listOf('channel'),
      stages: mapOf('stage'),
      finally: listOf('step'),
    }),
    $defs: {
      input: inputShape,
      secret: secretShape,
      window: windowShape,
      group: { anyOf: [peopleShape, groupShape] },
      gate: withInside(gateShape, { metrics: mapOf('metric') }),
      metric: metricShape,
      channel: channelShape,
      stage: withInside(stageShape, { steps: listOf('step'), finally: listOf('step') }),
      step: { anyOf: Object.values(stepShapes).map(stepSchema) },
    },
  };
  return withoutOwnKeywords(schema) as Readonly<Record<string, unknown>>;
}

interface ObjectSchema extends TSchema {
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}
type Inside = Readonly<Record<string, object>>;

const ref = (name: string) => ({ $ref: `#/$defs/${name}` });
const mapOf = (name: string) => ({ additionalProperties: ref(name), patternProperties: undefined });
const listOf = (name: string) => ({ items: ref(name) });

/** The shapes that are checked construct by construct, put together. */
const withInside = (shape: ObjectSchema, inside: Inside) => ({
  ...shape,
  properties: Object.fromEntries(Object.entries(shape.properties).map(([key, property]) => [key, { ...property, ...inside[key] }])),
});

/** A missing id has a message of its own, so the shapes leave it optional; an editor should require it. */
const stepSchema = (shape: ObjectSchema) => ({
  ...withInside(shape, { rollback: rollbackSteps }),
  required: ['id', ...(shape.required ?? [])],
});

const rollbackSteps = { anyOf: [{ const: 'none' }, { type: 'array', minItems: 1, ...listOf('step') }] };

function withoutOwnKeywords(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutOwnKeywords);
  if (typeof schema !== 'object' || schema === null) return schema;
  const own = new Set([schemaKeyword, expectsKeyword]);
  const kept = Object.entries(schema).filter(([key, value]) => !own.has(key) && value !== undefined);
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutOwnKeywords(value)]));
}
