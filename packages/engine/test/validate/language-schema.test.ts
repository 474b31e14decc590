import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { languageSchema } from '../../src/validate/shapes/language-schema.ts';

const file = join(import.meta.dirname, '../../../../schemas/release.pipeline.schema.json');

test('the schema for editors is what the language is now (npx pnpm generate:schema)', async () => {
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(languageSchema());
});

test('the schema for editors accepts a pipeline and refuses an unknown key at any depth', () => {
  const accepts = new Ajv2020({ strict: false }).compile(languageSchema());
  const pipeline = (step: object) => ({ relpipe: 1, name: 'sample', stages: { build: { steps: [step] } } });

  expect(accepts(pipeline({ id: 'compile', run: 'make', rollback: [{ id: 'clean', run: 'make clean' }] }))).toBe(true);
  expect(accepts(pipeline({ id: 'compile', run: 'make', colour: 'red' }))).toBe(false);
  expect(accepts(pipeline({ id: 'compile', run: 'make', rollback: [{ run: 'make clean' }] }))).toBe(false);
});
