// Writes the table at the top of every plugin's README from its source: node --conditions=relpipe-source scripts/generate-step-tables.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { pluginPackages } from './step-tables/plugin-packages.ts';
import { stepTable } from './step-tables/step-table.ts';
import { withTable } from './step-tables/with-table.ts';

for (const { readme, provenOn, load } of pluginPackages()) {
  writeFileSync(readme, withTable(readFileSync(readme, 'utf8'), stepTable(await load(), provenOn)));
}
