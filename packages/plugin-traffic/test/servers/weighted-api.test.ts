import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { needing } from '@relpipe/testing/real-servers';
import { relpipeIn } from '@relpipe/testing/relpipe-folder';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { waitUntil } from '@relpipe/testing/wait-until';
import { expect, onTestFinished, test } from 'vitest';
import { underLoad } from '../../src/testing/clients.ts';
import { openNginxRig, type NginxRig } from './support/nginx.ts';

const examples = resolve(import.meta.dirname, '../../../../examples/pipelines');
const pipeline = readFileSync(resolve(examples, 'weighted-api/release.pipeline.yaml'), 'utf8');
const needed = { ...needing('nginx'), timeout: 120_000 };

/** The service of the quickstart, which has the metrics of the gate. */
async function serve(version: string): Promise<string> {
  const child = spawn(process.execPath, [resolve(examples, 'quickstart/service.ts'), '--version', version], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return /http:\S+/.exec(line)?.[0] ?? '';
}

/** The candidate's share of the traffic, from the configuration file. */
const shareIn = ({ site, names }: NginxRig): string => new RegExp(`server ${names.candidate} ([^;]*);`).exec(readFileSync(site, 'utf8'))?.[1] ?? '';

const inputsFor = (rig: NginxRig, version: string): readonly string[] =>
  Object.entries({
    version,
    live: '1.0.0',
    config: rig.site,
    nginx: JSON.stringify(rig.command),
    stable: rig.names.stable,
    candidate: rig.names.candidate,
    hold: '4s',
    keep: '2s',
    window: '3s',
  }).flatMap(([name, value]) => ['--input', `${name}=${value}`]);

test('the weighted API example gives a patch version all traffic in three phases, without an approval', needed, async () => {
  await using rig = await openNginxRig({ stable: await serve('1.0.0'), candidate: await serve('1.0.1') });
  using folder = scratchFolder();
  const relpipe = relpipeIn(folder.path, { 'release.pipeline.yaml': pipeline });
  const { drops } = await underLoad(rig.url, async () => {
    const { exitCode, all } = await relpipe('run', ...inputsFor(rig, '1.0.1'));
    expect(exitCode, all).toBe(0);
    expect(all).not.toContain('waiting for an approval');
  });
  expect({ share: shareIn(rig), drops }).toEqual({ share: 'weight=100', drops: [] });
});

test('the weighted API example waits for a release manager before a minor version, and rolls it back when it fails', needed, async () => {
  const candidate = await serve('1.1.0');
  await using rig = await openNginxRig({ stable: await serve('1.0.0'), candidate });
  using folder = scratchFolder();
  const relpipe = relpipeIn(folder.path, { 'release.pipeline.yaml': pipeline });
  const parked = await relpipe('run', ...inputsFor(rig, '1.1.0'), '--park-after', '0s');
  expect({ exitCode: parked.exitCode, asks: /waiting for an approval by ann, bob, eve/.test(parked.all) }, parked.all).toEqual({ exitCode: 75, asks: true });
  expect((await relpipe('approve', '--as', 'ann')).exitCode).toBe(0);

  await underLoad(rig.url, async () => {
    const resumed = relpipe('resume');
    await waitUntil(async () => shareIn(rig) !== 'down');
    await fetch(`${candidate}/break`, { method: 'POST' });
    const { exitCode, all } = await resumed;
    expect({ exitCode, gate: all.includes('gate candidate') }, all).toEqual({ exitCode: 3, gate: true });
  });
  expect(shareIn(rig)).toContain('down');
});
