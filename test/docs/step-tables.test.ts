import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { components } from '@relpipe/testing/servers/components';
import { describe, expect, test } from 'vitest';
import { pluginPackages, stepTable, withTable } from '../../scripts/step-tables.ts';

describe.each(pluginPackages().map((plugin) => ({ name: basename(plugin.folder), ...plugin })))('$name', ({ folder, readme, provenOn, load }) => {
  test('the README has the table that is generated from the source (npx pnpm generate:tables)', async () => {
    const text = readFileSync(readme, 'utf8');
    expect(text).toBe(withTable(text, stepTable(await load(), provenOn)));
  });

  test('a type is proven on a real server only when a test with that server names both', () => {
    const servers = textsIn(join(folder, 'test/servers'));
    const tested = plain(servers + textsIn(join(folder, 'src/testing')));
    const unproven = Object.entries(provenOn).flatMap(([type, proofs]) =>
      proofs
        .filter((proof) => components.some(({ name }) => name === proof))
        .filter((server) => !servers.includes(server) || !tested.includes(plain(type.slice(type.indexOf('.') + 1))))
        .map((server) => `${type} on ${server}`),
    );
    expect(unproven).toEqual([]);
  });

  test('everything in proven-on.json is a known server, an own program or a stand-in', () => {
    const known = new Set([...components.map(({ name }) => name), ...own]);
    const unknown = Object.values(provenOn).flat().filter((proof) => !known.has(proof) && !proof.startsWith('stand-in'));
    expect(unknown).toEqual([]);
  });
});

/** Programs of this repository, and libraries its tests run. */
const own = ['embedded router', 'log file', 'prom-client', 'promtool', 'standardwebhooks', 'textfile'];

/** A type is `how-to-withdraw` in a file and `howToWithdraw` in the source. */
const plain = (text: string): string => text.replaceAll('-', '').toLowerCase();

function textsIn(folder: string): string {
  if (!existsSync(folder)) return '';
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return names.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
}
