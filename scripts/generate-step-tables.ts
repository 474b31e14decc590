// Writes the table at the top of every plugin's README from its source: node --conditions=relpipe-source scripts/generate-step-tables.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { pluginPackages, stepTable, withTable } from './step-tables.ts';

for (const { readme, provenOn, load } of pluginPackages()) {
  writeFileSync(readme, withTable(readFileSync(readme, 'utf8'), stepTable(await load(), provenOn)));
}
