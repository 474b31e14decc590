import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { isLater, isFullyKnown, point, quantity, secret, type Provided, type Provision, type ReadContext } from '../../src/contract/index.ts';
import { decode } from '../../src/schema/decode.ts';
import { decodePlanned, encodePlanned } from '../../src/schema/planned.ts';
import { plannedShapeProblem } from '../../src/schema/shape-problem.ts';
import { fillPoints } from '../../src/schema/points.ts';
import { text } from '../plan/pipelines.ts';

const config = Type.Object({ url: Type.String(), token: Type.Optional(secret('A token.')), settle: quantity('duration', 'How long.') });
const tell: Provision<string, typeof config> = {
  summary: 'Tells what it was given',
  contract: 1,
  with: config,
  open: async ({ url, token, settle }, { workdir }) => `${url} ${token?.reveal() ?? 'nobody'} ${settle} ${workdir}`,
};
const points = new Map([['shop.teller', { name: 'shop.teller', provisions: new Map([['tell', tell]]), elsewhere: {} }]]);
const schema = fillPoints(Type.Object({ teller: point<string>('shop.teller', 'Who tells.'), n: Type.Optional(Type.Integer()) }), { points, incomplete: false });

const context = { workdir: '/project' } as ReadContext;
const tellerOf = (decoded: unknown) => (decoded as { teller: Provided<string> }).teller;

test('a step gets the provision that its configuration names, and opens it with decoded settings', async () => {
  const teller = tellerOf(decode(schema, { teller: { tell: { url: 'x', token: { $secret: 'T' }, settle: '90s' } } }, { T: 'hush' }));

  expect(teller.name).toBe('tell');
  expect(await teller.open(context)).toBe('x hush 90000 /project');
  expect(JSON.stringify(teller)).toBe('{"name":"tell"}');
});

test('none, two or unknown names at a point, and wrong settings, are refused', () => {
  expect(() => decode(schema, { teller: {} }, {})).toThrow('"teller"');
  expect(() => decode(schema, { teller: { tell: { url: 'x', settle: '1s' }, other: {} } }, {})).toThrow('"teller"');
  expect(() => decode(schema, { teller: { other: {} } }, {})).toThrow('"teller"');
  expect(() => decode(schema, { teller: { tell: { url: 1, settle: '1s' } } }, {})).toThrow('"teller.tell.url"');
});

test('before the run a provision can be opened when all of its settings are known, and is Later otherwise', async () => {
  const known = decodePlanned(schema, { teller: { tell: { url: 'x', settle: '1s' } } }) as object;
  expect(isFullyKnown(known)).toBe(true);
  expect(await tellerOf(known).open(context)).toBe('x nobody 1000 /project');

  const planned = decodePlanned(schema, { teller: { tell: { url: text('${{ steps.a.outputs.url }}'), settle: '1s' } } }) as { teller: unknown };
  expect(isFullyKnown(planned)).toBe(false);
  expect(isLater(planned.teller)).toBe(true);
  expect(planned.teller).toEqual({ $later: 'steps.a.outputs.url' });
});

test('a composite passes on what was written at a point, expressions and secrets included', () => {
  const teller = { tell: { url: text('${{ steps.a.outputs.url }}'), token: { $secret: 'T' }, settle: '90s' } };
  const written = { tell: { ...teller.tell, settle: '1m30s' } };
  const child = encodePlanned(schema, { teller: (decodePlanned(schema, { teller }) as { teller: unknown }).teller });
  expect(child).toEqual({ teller: written });
  expect(plannedShapeProblem(schema, child)).toBeUndefined();

  const known = { teller: { tell: { url: 'x', settle: '1s' } } };
  expect(encodePlanned(schema, decodePlanned(schema, known))).toEqual(known);
});

test('a schema without a point stays the same object', () => {
  expect(fillPoints(config, { points, incomplete: false })).toBe(config);
});
