// Checks what is in a packed package beside its code: node scripts/check-tarball.ts PACKAGE.tgz
import { execFileSync } from 'node:child_process';

const [tarball = ''] = process.argv.slice(2);
const tar = (...args: readonly string[]): string => execFileSync('tar', [...args], { encoding: 'utf8' });

const files = new Set(tar('-tzf', tarball).trim().split('\n').map((path) => path.replace(/^package\//, '')));
const { name } = JSON.parse(tar('-xzOf', tarball, 'package/package.json')) as { readonly name: string };

const wanted = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  // A stack trace leads to the sources.
  ...[...files].filter((file) => file.endsWith('.js')).map((file) => `${file}.map`),
  ...(name === 'relpipe' ? ['dist/release.pipeline.schema.json'] : []),
];
const missing = wanted.filter((file) => !files.has(file));
if (missing.length > 0) {
  process.stderr.write(`${name}: not in the package: ${missing.join(', ')}\n`);
  process.exit(1);
}
process.stdout.write(`${name}: ${files.size} files, with changelog, licence and source maps\n`);
