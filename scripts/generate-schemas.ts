import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { languageSchema } from '../packages/engine/src/validate/shapes/language-schema.ts';

/** Writes what editors check a pipeline file by. A test holds the committed file against the language. */
const file = join(import.meta.dirname, '../schemas/release.pipeline.schema.json');
await writeFile(file, `${JSON.stringify(languageSchema(), null, 2)}\n`);
