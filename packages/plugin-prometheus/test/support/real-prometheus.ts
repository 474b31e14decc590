import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { givenServer } from '@relpipe/testing/real-servers';
import { waitUntil } from '@relpipe/testing/wait-until';
import { startTarget } from './target.ts';

export interface Found {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** The result of a query to the shared Prometheus, sent without this plugin. */
export async function ask(query: string): Promise<readonly Found[]> {
  const parameters = new URLSearchParams({ query }).toString();
  const response = await fetch(`${givenServer('prometheus').url}/api/v1/query?${parameters}`);
  return ((await response.json()) as { data: { result: Found[] } }).data.result;
}

export interface ScrapedTarget extends AsyncDisposable {
  /** The value of the label `probe` of everything that is scraped here. */
  readonly probe: string;
  /** Sets what the next scrapes read; resolves when one of them has been stored. */
  shows(metrics: string): Promise<void>;
  /** From now on it fails; resolves when the server has noticed. */
  dies(): Promise<void>;
}

/** A service that the shared Prometheus scrapes every second. */
export async function startScrapedTarget(metrics: string): Promise<ScrapedTarget> {
  const target = await startTarget(metrics);
  const probe = `relpipe_${randomBytes(4).toString('hex')}`;
  const file = join(givenServer('prometheus').settings['targets'] ?? '', `${probe}.json`);
  writeFileSync(`${file}.new`, JSON.stringify([{ targets: [new URL(target.url).host], labels: { probe } }]));
  renameSync(`${file}.new`, file);
  const up = (value: string): Promise<void> =>
    waitUntil(async () => (await ask(`up{probe="${probe}"}`)).some((series) => series.value[1] === value));
  await up('1');
  return {
    probe,
    async shows(next) {
      target.shows(next);
      const { length } = target.requests;
      // The second scrape from here starts after the first one was stored.
      await waitUntil(async () => target.requests.length > length + 1);
    },
    async dies() {
      target.shows(503);
      await up('0');
    },
    async [Symbol.asyncDispose]() {
      rmSync(file, { force: true });
      await target[Symbol.asyncDispose]();
    },
  };
}
