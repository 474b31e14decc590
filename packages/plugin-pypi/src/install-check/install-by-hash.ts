import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StepError, Type, type ExecResult, type ReadContext, type Static } from 'relpipe/plugin';
import { parseJson } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';
import { lastLines } from '../commands.ts';
import { normalName, type Release } from '../names/release.ts';
import { hashMissing } from '../simple-api/index-file.ts';
import { urlWithLogin, type PackageIndex } from '../simple-api/package-index.ts';

interface Installation {
  readonly release: Release;
  readonly index: PackageIndex;
  /** One of these has to be the sha256 of the installed file. */
  readonly hashes: readonly string[];
  readonly folder: string;
  /** Of the environment. */
  readonly python: string;
}

/**
 * Lets pip choose the files, then installs exactly those: the release by the hashes that are known, its dependencies by the hashes of
 * the index. Returns the version of every installed package.
 * @throws {StepError} `PYPI_INSTALL_FAILED`, `PYPI_HASH_MISMATCH`, `PYPI_HASH_MISSING`, `PYPI_PIP_UNSUPPORTED`
 */
export async function installByHash(installation: Installation, context: ReadContext): Promise<Readonly<Record<string, string>>> {
  const chosen = await choose(installation, context);
  const requirements = join(installation.folder, 'requirements.txt');
  await writeFile(requirements, chosen.map((one) => requirementOf(one, installation)).join('\n'));
  const installed = await pip(installation, ['install', '--no-deps', '--require-hashes', '--requirement', requirements], context);
  if (installed.code !== 0) throw installFailed(installation, installed);
  return Object.fromEntries(chosen.map(({ metadata: { name, version } }) => [name, version]));
}

/** The part of pip's installation report that relpipe reads. */
const reportSchema = Type.Object({
  install: Type.Array(
    Type.Object({
      metadata: Type.Object({ name: Type.String(), version: Type.String() }),
      download_info: Type.Object({
        archive_info: Type.Optional(Type.Object({ hashes: Type.Optional(Type.Record(Type.String(), Type.String())) })),
      }),
    }),
  ),
});
type Chosen = Static<typeof reportSchema>['install'][number];

async function choose(installation: Installation, context: ReadContext): Promise<readonly Chosen[]> {
  const { release, folder } = installation;
  const file = join(folder, 'report.json');
  const wanted = `${release.project}==${release.version}`;
  const chosen = await pip(installation, ['install', '--dry-run', '--ignore-installed', '--quiet', '--report', file, wanted], context);
  if (chosen.code !== 0) throw installFailed(installation, chosen);
  const report = parseJson(await readFile(file));
  if (Value.Check(reportSchema, report)) return report.install;
  throw new StepError('PYPI_PIP_UNSUPPORTED', 'The installation report of pip has an unknown form.', {
    hint: 'Use a Python whose virtual environments have pip 23 or newer.',
  });
}

function requirementOf({ metadata: { name, version }, download_info }: Chosen, { release, index, hashes }: Installation): string {
  const sha256 = download_info.archive_info?.hashes?.['sha256'];
  if (sha256 === undefined)
    throw hashMissing(`${name} ${version}`, index.url, 'Installing by hash needs one: use an index that provides hashes.');
  if (normalName(name) === release.project && !hashes.includes(sha256)) {
    throw new StepError(
      'PYPI_HASH_MISMATCH',
      `pip would install ${name} ${version} with sha256 ${sha256}, expected ${hashes.join(' or ')}.`,
      {
        hint: 'Check where pip finds it: another index, a mirror, or a `find-links` folder in its configuration.',
      },
    );
  }
  return `${name}==${version} --hash=sha256:${sha256}`;
}

/** The index is passed in the environment, because its address may contain a password; everything else is as pip is configured. */
const pip = ({ python, index, folder }: Installation, args: readonly string[], context: ReadContext): Promise<ExecResult> =>
  context.exec([python, '-I', '-m', 'pip', '--no-input', '--disable-pip-version-check', ...args], {
    cwd: folder,
    env: { PIP_INDEX_URL: urlWithLogin(index), PIP_REQUIRE_VIRTUALENV: 'false' },
  });

function installFailed({ release, index }: Installation, { stdout, stderr }: ExecResult): StepError {
  const printed = lastLines(`${stdout}\n${stderr}`).replaceAll(urlWithLogin(index), index.url);
  return new StepError('PYPI_INSTALL_FAILED', `pip cannot install ${release.project} ${release.version} from ${index.url}:\n${printed}`, {
    hint: /require-hashes|HASHES/.test(printed)
      ? 'The downloaded file is not the one that the index listed: find out who changed it.'
      : 'Users see the same error. If the index may lag, wait for the release with `pypi.wait` first.',
  });
}
