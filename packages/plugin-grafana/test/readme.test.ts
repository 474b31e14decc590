import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pipelineOfReadme } from '../../../test/support/pipeline-of-readme.ts';
import { relpipeIn } from '../../../test/support/relpipe-in.ts';
import { scratchFolder } from '../../../test/support/scratch-folder.ts';
import { startGrafana, token } from './support/grafana-stand-in.ts';

const pipeline = pipelineOfReadme(join(import.meta.dirname, '../README.md'), 0, {});

test('the pipeline of the README puts its dashboard up, and takes it back when what follows fails', async () => {
  await using grafana = await startGrafana();
  using folder = scratchFolder();
  const relpipe = relpipeIn(folder.path, { 'release.pipeline.yaml': pipeline }, { GRAFANA_TOKEN: token });
  const release = (look: string) => relpipe('run', '--input', `grafana=${grafana.url}`, '--input', `look=${look}`);

  const good = await release('true');
  expect(good, good.all).toMatchObject({ exitCode: 0, all: expect.stringContaining(`look at ${grafana.url}/d/relpipe-releases`) as string });
  const bad = await release('false');
  expect(bad, bad.all).toMatchObject({ exitCode: 3 });

  const versions = grafana.history('relpipe-releases');
  expect(versions.map(({ message }) => message.replace(/\[relpipe \S+\]/, '[mark]'))).toEqual(['from the repository [mark]', 'from the repository [mark]', '[mark] undone']);
  expect(versions.at(-1)?.dashboard['panels']).toEqual(versions[0]?.dashboard['panels']);
  expect({ wrong: grafana.wrong, told: `${good.all}${bad.all}`.includes(token) }).toEqual({ wrong: [], told: false });
});
