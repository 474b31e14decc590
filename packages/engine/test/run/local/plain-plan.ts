import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Json } from '../../../src/contract/index.ts';
import { rules } from '../../../src/run/core/rules-version.ts';
import type { FactBody } from '../../../src/run/core/fact.ts';
import type { Codec, SecretTexts } from '../../../src/schema/decode.ts';
import { barePlan } from '../../fixtures/bare-plan.ts';

export const run = { id: '20261120-1642-k3f9', name: 'engine', createdAt: 1_000, fingerprint: 'f1' };

export const plan = barePlan({ name: run.name });

export const planned: FactBody = { fact: 'planned', run: run.id, plan, parallel: 4, who: { who: 'ann', by: 'os-user' }, rules, engine: '0.1.0' };

/** Schemas as they are; `{ $secret }` becomes a `Secret`. */
export const codec: Codec = {
  decode: (schema, value, secrets) => (insistOn(schema, value), withSecrets(value, secrets)),
  encode: (schema, value) => (insistOn(schema, value), (value ?? null) as Json),
};

function insistOn(schema: TSchema, value: unknown): void {
  const [problem] = Value.Errors(schema, value);
  if (problem !== undefined && !JSON.stringify(value).includes('$secret')) throw new Error(`${problem.instancePath} ${problem.message}`);
}

const withSecrets = (value: Json, secrets: SecretTexts): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if ('$secret' in value) return secretOf(value.$secret as string, secrets);
  if (Array.isArray(value)) return value.map((inside: Json) => withSecrets(inside, secrets));
  return Object.fromEntries(Object.entries(value).map(([name, inside]) => [name, withSecrets(inside, secrets)]));
};

const secretOf = (secret: string, secrets: SecretTexts) => ({ secret, reveal: () => secrets[secret] });
