import { join } from 'node:path';
import { pipelineOfReadme } from '@relpipe/testing/readme-pipeline';
import { relpipeIn } from '@relpipe/testing/relpipe-folder';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { expect, test } from 'vitest';
import { startGrafana, token } from './support/grafana-stand-in.ts';

const pipeline = pipelineOfReadme(join(import.meta.dirname, '../README.md'), 0, {});

test('the pipeline of the README saves its dashboard, and rolls it back when a later step fails', async () => {
  await using grafana = await startGrafana();
  using folder = scratchFolder();
  const relpipe = relpipeIn(folder.path, { 'release.pipeline.yaml': pipeline }, { GRAFANA_TOKEN: token });
  const release = (check: string) => relpipe('run', '--input', `grafana=${grafana.url}`, '--input', `check=${check}`);

  const good = await release('true');
  expect(good, good.all).toMatchObject({ exitCode: 0, all: expect.stringContaining(`dashboard at ${grafana.url}/d/relpipe-releases`) as string });
  const bad = await release('false');
  expect(bad, bad.all).toMatchObject({ exitCode: 3 });

  const versions = grafana.history('relpipe-releases');
  expect(versions.map(({ message }) => message.replace(/\[relpipe \S+\]/, '[mark]'))).toEqual(['from the repository [mark]', 'from the repository [mark]', '[mark] rolled back']);
  expect(versions.at(-1)?.dashboard['panels']).toEqual(versions[0]?.dashboard['panels']);
  expect({ wrong: grafana.wrong, leaked: `${good.all}${bad.all}`.includes(token) }).toEqual({ wrong: [], leaked: false });
});
