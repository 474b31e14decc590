import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { isLater, quantity, secret, type Secret } from '../../src/contract/index.ts';
import { decode, encode } from '../../src/schema/decode.ts';
import { decodePlanned, encodePlanned } from '../../src/schema/planned.ts';
import { plannedShapeProblem } from '../../src/schema/shape-problem.ts';
import { text } from '../plan/pipelines.ts';

const schema = Type.Object({
  weight: quantity('percent', 'Weight.'),
  phases: Type.Array(Type.Object({ hold: quantity('duration', 'How long.') })),
  limit: Type.Optional(Type.Union([quantity('size', 'Most.'), Type.Literal('none')])),
  env: Type.Optional(Type.Record(Type.String(), Type.Union([secret('A secret.'), Type.String()]))),
  tries: Type.Integer({ default: 3 }),
});

const written = { weight: '10%', phases: [{ hold: '1h' }, { hold: '1m30s' }], limit: '1KiB', tries: 3 };
const working = { weight: 10, phases: [{ hold: 3_600_000 }, { hold: 90_000 }], limit: 1024, tries: 3 };

test('a step gets its quantities as numbers, and the defaults of its schema', () => {
  const given = { weight: written.weight, phases: written.phases, limit: written.limit };

  expect(decode(schema, given, {})).toEqual(working);
  expect(decode(schema, { ...given, limit: 'none' }, {})).toEqual({ ...working, limit: 'none' });
});

test('a step gets a secret as an object that does not print its value', () => {
  const config = decode(schema, { ...written, env: { TOKEN: { $secret: 'MY_TOKEN' }, MODE: 'x' } }, { MY_TOKEN: 'hush' }) as {
    env: { TOKEN: Secret; MODE: string };
  };

  expect(config.env.MODE).toBe('x');
  expect(config.env.TOKEN.reveal()).toBe('hush');
  expect(JSON.stringify(config)).not.toContain('hush');
  expect((config.env.TOKEN as Secret & { toString(): string }).toString()).toBe('secret MY_TOKEN');
});

test('a secret without a value is an error that names it', () => {
  expect(() => decode(schema, { ...written, env: { TOKEN: { $secret: 'NOPE' } } }, {})).toThrow('The secret "NOPE" has no value.');
});

test('a value of another shape is refused, in both directions', () => {
  expect(() => decode(schema, { ...written, weight: 'heavy' }, {})).toThrow('"weight"');
  expect(() => decode(schema, { ...written, phases: 'all' }, {})).toThrow('"phases"');
  expect(() => encode(schema, { ...working, tries: 'many' })).toThrow('"tries"');
  expect(() => encode(schema, { ...working, weight: Number.NaN })).toThrow('NaN is not JSON');
});

test('the output of a step is encoded as canonical JSON, and decoding it returns the same values', () => {
  expect(encode(schema, { ...working, env: undefined })).toEqual(written);
  expect(decode(schema, encode(schema, working), {})).toEqual(working);
});

test('an output never holds a secret', () => {
  const revealing = { secret: 'TOKEN', reveal: () => 'hush' };

  expect(() => encode(Type.Object({ a: Type.Unknown() }), { a: revealing })).toThrow('it holds a secret');
});

test.each(['$secret', '$expr', '$text', '$later'])('an output never holds the key %s, by which a plan marks what is not data', (key) => {
  expect(() => encode(Type.Unknown(), { a: [{ [key]: 'TOKEN' }] })).toThrow(`it contains the key "${key}", which is reserved`);
});

test('data with a key "reveal" is not mistaken for a secret', () => {
  const value = { a: { secret: 'TOKEN', reveal: 'yes' } };
  const any = Type.Object({ a: Type.Unknown() });

  expect(encode(any, value)).toEqual(value);
  expect(encodePlanned(any, decodePlanned(any, value))).toEqual(value);
});

test('before the run, unknown values are Later and known quantities are numbers', () => {
  const planned = decodePlanned(schema, { ...written, weight: text('${{ steps.a.outputs.w }}'), env: { URL: text('http://${{ steps.a.outputs.host }}/x') } });

  expect(planned).toMatchObject({ weight: { $later: 'steps.a.outputs.w' }, phases: [{ hold: 3_600_000 }, { hold: 90_000 }], limit: 1024 });
  const { env } = planned as { env: { URL: unknown } };
  expect(isLater(env.URL) && env.URL.$later).toBe('"http://" + string(steps.a.outputs.host) + "/x"');
});

test('the configuration that a composite passes to its children is canonical', () => {
  const value = { ...written, weight: text('${{ steps.a.outputs.w }}'), env: { TOKEN: { $secret: 'T' } } };

  expect(encodePlanned(schema, decodePlanned(schema, value))).toEqual(value);
});

test('a configuration is checked before the run as far as it is known', () => {
  const later = text('${{ steps.a.outputs.x }}');

  expect(plannedShapeProblem(schema, { ...written, weight: later, phases: [{ hold: later }] })).toBeUndefined();
  expect(plannedShapeProblem(schema, { ...written, phases: later })).toBeUndefined();
  expect(plannedShapeProblem(schema, { ...written, weight: later, tries: 'many' })?.problem).toContain('"tries"');
});

test('a mapping that takes one of several sets of keys has its quantities decoded and encoded', () => {
  const either = Type.Object(
    { url: Type.Optional(Type.String()), urls: Type.Optional(Type.Array(Type.String())), wait: quantity('duration', 'How long.') },
    { additionalProperties: false, oneOf: [{ required: ['url'] }, { required: ['urls'] }] },
  );

  expect(decode(either, { url: 'x', wait: '90s' }, {})).toEqual({ url: 'x', wait: 90_000 });
  expect(decode(Type.Union([either, Type.String()]), { urls: ['x'], wait: '1m' }, {})).toEqual({ urls: ['x'], wait: 60_000 });
  expect(decodePlanned(either, { url: text('${{ inputs.url }}'), wait: '90s' })).toMatchObject({ wait: 90_000 });
  expect(encode(either, { url: 'x', wait: 90_000 })).toEqual({ url: 'x', wait: '1m30s' });
});
