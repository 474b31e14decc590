import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StepError, Type, type ExecResult, type ReadContext, type Static } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { normalName } from '../names/normal-name.ts';
import type { Release } from '../names/release-of.ts';
import { lastLines } from '../python/last-lines.ts';
import { urlWithLogin, type PackageIndex } from '../simple-api/package-index.ts';

export interface Installation {
  readonly release: Release;
  readonly index: PackageIndex;
  /** Any of these may be the sha256 of what is installed. */
  readonly hashes: readonly string[];
  readonly folder: string;
  /** Of the environment. */
  readonly python: string;
}

/**
 * Lets pip choose, then installs exactly what it chose: the release by the hashes that are known, what it depends on by those that the
 * index gave. Gives the name and version of everything installed.
 * @throws {StepError} `PYPI_NOT_INSTALLABLE`, `PYPI_OTHER_BYTES`, `PYPI_NO_HASH`
 */
export async function installByHash(installation: Installation, context: ReadContext): Promise<Readonly<Record<string, string>>> {
  const chosen = await choose(installation, context);
  const requirements = join(installation.folder, 'requirements.txt');
  await writeFile(requirements, chosen.map((one) => requirementOf(one, installation)).join('\n'));
  const installed = await pip(installation, ['install', '--no-deps', '--require-hashes', '--requirement', requirements], context);
  if (installed.code !== 0) throw notInstallable(installation, installed);
  return Object.fromEntries(chosen.map(({ metadata: { name, version } }) => [name, version]));
}

/** What relpipe reads of pip's installation report. */
const report = Type.Object({
  install: Type.Array(
    Type.Object({
      metadata: Type.Object({ name: Type.String(), version: Type.String() }),
      download_info: Type.Object({
        archive_info: Type.Optional(Type.Object({ hashes: Type.Optional(Type.Record(Type.String(), Type.String())) })),
      }),
    }),
  ),
});
type Chosen = Static<typeof report>['install'][number];

async function choose(installation: Installation, context: ReadContext): Promise<readonly Chosen[]> {
  const { release, folder } = installation;
  const file = join(folder, 'report.json');
  const wanted = `${release.project}==${release.version}`;
  const chosen = await pip(installation, ['install', '--dry-run', '--ignore-installed', '--quiet', '--report', file, wanted], context);
  if (chosen.code !== 0) throw notInstallable(installation, chosen);
  const read: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (Value.Check(report, read)) return read.install;
  throw new StepError('PYPI_PIP_TOO_OLD', 'The report of pip has another form than the one known.', { hint: 'Use a Python whose venv brings pip 23 or newer.' });
}

function requirementOf({ metadata: { name, version }, download_info }: Chosen, { release, hashes }: Installation): string {
  const sha256 = download_info.archive_info?.hashes?.['sha256'];
  if (sha256 === undefined) {
    throw new StepError('PYPI_NO_HASH', `The index gives no sha256 for ${name} ${version}, so it cannot be installed by hash.`);
  }
  if (normalName(name) === release.project && !hashes.includes(sha256)) {
    throw new StepError('PYPI_OTHER_BYTES', `pip would install ${name} ${version} with the sha256 ${sha256}, which is not what was published: ${hashes.join(', ')}.`, {
      hint: 'See where pip takes it from: another index, a mirror, or a folder of `find-links` in its settings.',
    });
  }
  return `${name}==${version} --hash=sha256:${sha256}`;
}

/** The index is in the environment, because its address may hold a password; all else is as pip is configured. */
const pip = ({ python, index, folder }: Installation, args: readonly string[], context: ReadContext): Promise<ExecResult> =>
  context.exec([python, '-I', '-m', 'pip', '--no-input', '--disable-pip-version-check', ...args], {
    cwd: folder,
    env: { PIP_INDEX_URL: urlWithLogin(index), PIP_REQUIRE_VIRTUALENV: 'false' },
  });

function notInstallable({ release, index }: Installation, { stdout, stderr }: ExecResult): StepError {
  const said = lastLines(`${stdout}\n${stderr}`).replaceAll(urlWithLogin(index), index.url);
  return new StepError('PYPI_NOT_INSTALLABLE', `pip cannot install ${release.project} ${release.version} from ${index.url}:\n${said}`, {
    hint: /require-hashes|HASHES/.test(said)
      ? 'The bytes that came are not those that were listed: look who changed them.'
      : 'Whoever installs it now sees the same. If the index may lag, wait for it with pypi.wait first.',
  });
}
