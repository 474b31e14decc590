import { readPipeline } from './src/load/read-pipeline.ts';
import { printDiagnostics } from './src/errors/print-diagnostics.ts';
import { validatePipeline, inOrder } from './src/validate/validate-pipeline.ts';
import { loadPlugins } from './src/plugins/load-plugins.ts';
import { builtInPlugins } from './src/plugins/built-in/built-in-plugins.ts';
import { readdirSync, cpSync, rmSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
rmSync('/tmp/bi', { recursive: true, force: true });
const only = process.argv[2];
for (const name of readdirSync('test/bad-input')) {
  if (name.endsWith('.ts') || (only && !name.match(only))) continue;
  cpSync('test/bad-input/' + name, '/tmp/bi/' + name, { recursive: true });
  const d = '/tmp/bi/' + name; if (existsSync(d + '/packages')) renameSync(d + '/packages', d + '/node_modules');
  process.chdir(d);
  console.log('=====', name);
  try {
  const raw = await readPipeline('release.pipeline.yaml');
  const loaded = await loadPlugins(raw, builtInPlugins);
  const v = validatePipeline(raw, loaded.registry);
  console.log(printDiagnostics(inOrder([...loaded.diagnostics, ...(v.ok ? v.warnings : v.diagnostics)]), new Map([[raw.file, raw.source]])));
  } catch (e) { console.log('CRASH', e); }
  process.chdir('/work/main/packages/engine');
}
