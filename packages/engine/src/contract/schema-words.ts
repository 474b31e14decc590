import { Type, type Static, type TSchema } from 'typebox';
import type { Shaped } from './later.ts';
import type { Provided } from './point.ts';
import type { Secret } from './values.ts';

/** The keyword by which the engine recognises the fields below in a JSON Schema. */
export const schemaKeyword = 'x-relpipe';

/** The kinds of quantities; each has its own units. */
export type QuantityKind = 'percent' | 'duration' | 'size';

/** A field that must be known when the plan is built, because it decides which steps a composite unfolds into. */
export const shape = <S extends TSchema>(schema: S) =>
  Type.Unsafe<Static<S> & Shaped>({ ...schema, [schemaKeyword]: 'shape' });

/** A field that accepts only `${{ secrets.NAME }}`. */
export const secret = (description: string) =>
  Type.Unsafe<Secret>({ type: 'string', description, [schemaKeyword]: 'secret' });

/** A field with the headers of requests. A value may be a secret, e.g. for a proxy with Basic authentication; `revealHeaders` of the toolkit returns the texts. */
export const headers = (description: string) =>
  Type.Record(Type.String(), Type.Union([secret('A secret'), Type.String()]), { description });

/**
 * A field that is written with its unit (`10%`, `5m`, `512MiB`) and reaches the step as a number:
 * percent 0..100, duration in milliseconds, size in bytes. The limits use the same units; the results of expressions are not checked against them.
 */
export const quantity = (kind: QuantityKind, description: string, limits: { readonly minimum?: number; readonly maximum?: number } = {}) =>
  Type.Unsafe<number>({ type: 'string', description, [schemaKeyword]: kind, ...limits });

/**
 * A field that names exactly one provision of a point, with its settings below: `router: { kong: { … } }`. It reaches the step as a value with
 * `open`.
 * @param name of the point, e.g. `traffic.router`
 */
export const point = <T>(name: string, description: string) =>
  Type.Unsafe<Provided<T>>({ type: 'object', description, [schemaKeyword]: 'point', point: name });

/** A word is a group of the file, which is checked when the file is read; an expression returns names. Only `Unfolding.approval` reads them. */
const people = (description: string) =>
  Type.Array(Type.Unsafe<string>({ type: 'string', [schemaKeyword]: 'group' }), { minItems: 1, uniqueItems: true, description });

/** A CEL expression. */
const condition = (description: string) =>
  Type.Unsafe<boolean>({ type: ['string', 'boolean'], description, [schemaKeyword]: 'condition' });

/**
 * A field that asks people a question, with the keys of an `approval` step: `{ question, approvers, items, timeout, at-timeout, when }`. Pass
 * it on to `Unfolding.approval`.
 */
export const approval = (description: string) =>
  shape(
    Type.Object(
      {
        question: Type.String({ minLength: 1, description: 'The question' }),
        approvers: Type.Optional(
          Type.Object(
            {
              count: Type.Optional(
                Type.Unsafe<number | 'all'>({ type: ['integer', 'string'], minimum: 1, pattern: '^(all|\\$\\{\\{.*)$', description: 'How many people have to approve, or all; default 1' }),
              ),
              of: Type.Optional(people('Those who may approve: groups, and expressions that return names; default: anybody')),
              except: Type.Optional(people('People who may not answer')),
              delegates: Type.Optional(people('People who may answer on behalf of one who is asked')),
            },
            { additionalProperties: false, description: 'The people who may answer' },
          ),
        ),
        items: Type.Optional(
          Type.Unsafe<string | readonly string[]>({
            type: ['array', 'string'],
            items: { type: 'string', minLength: 1 },
            minItems: 1,
            description: 'A checklist: items, or a Markdown file with `- [ ]` lines; each is approved by itself',
          }),
        ),
        timeout: Type.Optional(quantity('duration', 'Until when; default 72h', { minimum: 1 })),
        'at-timeout': Type.Optional(Type.Unsafe<'reject' | 'approve'>({ enum: ['reject', 'approve'], description: 'What silence means; default reject' })),
        when: Type.Optional(condition('Asked only when this is true')),
      },
      { additionalProperties: false, description },
    ),
  );
