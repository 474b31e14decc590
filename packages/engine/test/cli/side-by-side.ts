import { type Folder, openFolder } from '@relpipe/testing/relpipe-folder';
import { test as base } from 'vitest';

type Files = Readonly<Record<string, string>>;

/** For tests that run side by side: folders that go with their own test. */
export const test = base.extend<{ folderWith: (files: Files) => Promise<Folder> }>({
  folderWith: async ({}, use) => {
    const cleanings: (() => Promise<void> | void)[] = [];
    await use((files) => openFolder(files, (clean) => cleanings.unshift(clean)));
    for (const clean of cleanings) await clean();
  },
});

/** A folder's only file: a pipeline of the given body. */
export const pipeline = (body: string): Files => ({ 'release.pipeline.yaml': `relpipe: 1\nname: trial\n${body}` });

export interface Event {
  readonly type: string;
  readonly seq?: number;
  readonly i?: number;
  readonly [field: string]: unknown;
}

/** What `--json` printed. */
export const eventsIn = (stdout: string): readonly Event[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);

/** How each step ended, by its key. */
export const endsIn = (stdout: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(eventsIn(stdout).flatMap(({ type, step, end }) => (type === 'step-ended' ? [[String(step), end] as const] : [])));

/** The id of a run, from what was printed about it. */
export const runIn = (stdout: string): string => /\d{8}-\d{4}-[a-z0-9]{4}/.exec(stdout)?.[0] ?? 'no run id was printed';
