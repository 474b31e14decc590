import {
  isFullyKnown,
  isStepError,
  plannedText,
  StepError,
  unknownUntilRun,
  type PlannedConfig,
  type Preview,
  type Probe,
  type ReadContext,
} from 'relpipe/plugin';
import { isTransient } from 'relpipe/plugin/toolkit';
import { splitFileName } from '../names/release.ts';
import { indexSoftware } from '../settings/index-software.ts';
import { basicAuthorization, tokenUser, type Login } from '../settings/login.ts';
import { uploadAddress } from '../settings/upload-address.ts';
import { ask } from '../simple-api/ask.ts';
import type { PublishedVersion } from '../simple-api/published-versions.ts';
import { pageOf, releaseOnIndex, type ReleaseOnIndex } from './release-on-index.ts';
import type { removeConfig, RemoveConfig, RemoveOutputs } from './remove.ts';

/** The release and its index; where the index has no API for it, the preview says so before the run. */
export async function previewRemove(config: PlannedConfig<typeof removeConfig>, context: ReadContext): Promise<Preview> {
  const what = `${plannedText(config.project)} ${plannedText(config.version)}`;
  const rollback = 'impossible: the files are deleted';
  if (!isFullyKnown<typeof removeConfig>(config)) return { change: `removes ${what}`, rollback, unknownUntilRun: unknownUntilRun(config) };
  try {
    const release = await releaseOnIndex(config, context);
    const software = await indexSoftware(release.index, context);
    const hasApi = software.kind === 'devpi' || software.kind === 'pypiserver';
    const how = hasApi
      ? ` from ${release.index.url}`
      : `: its index has no API for that, so the step fails and names ${pageOf(release, software)}`;
    return { change: `removes ${what}${how}`, rollback };
  } catch (error) {
    if (isStepError(error)) return { change: `removes ${what}`, rollback };
    throw error;
  }
}

/** @throws {StepError} `PYPI_REMOVAL_UNSUPPORTED`, `PYPI_CREDENTIALS_MISSING`, `PYPI_REMOVAL_REFUSED` */
export async function runRemove(config: RemoveConfig, context: ReadContext): Promise<RemoveOutputs> {
  const release = await releaseOnIndex(config, context);
  const { published } = release;
  if (!published) return { files: [] };
  const software = await indexSoftware(release.index, context);
  if (software.kind !== 'devpi' && software.kind !== 'pypiserver') throw unsupported(release, pageOf(release, software));
  const login = await loginOf(config, software.upload);
  const requests = software.kind === 'devpi' ? devpi(software.upload, release.project, published) : pypiserver(software.upload, published);
  for (const request of requests) {
    const refusal = await send(request, login, context);
    // It may have been removed in between: the index decides, not its response.
    if (refusal && (await releaseOnIndex(config, context)).published) throw refusal;
  }
  const files = published.files.map(({ filename }) => filename);
  context.log(`removed ${files.join(', ')}`);
  return { files };
}

const unsupported = ({ project, version, index }: ReleaseOnIndex, page: string): StepError =>
  new StepError('PYPI_REMOVAL_UNSUPPORTED', `${index.url} has no known API that removes ${project} ${version}.`, {
    hint: `Yank it by hand on ${page}`,
  });

async function loginOf({ username, token }: RemoveConfig, upload: string): Promise<Login> {
  if (token !== undefined) return { username: username ?? tokenUser, password: token };
  const { login } = await uploadAddress(upload, process.env);
  if (login) return login;
  throw new StepError('PYPI_CREDENTIALS_MISSING', `There are no credentials for ${upload}, and removing needs them.`, {
    hint: 'Set `username` and `token`.',
  });
}

interface Request {
  readonly url: string;
  readonly init: { readonly method: 'DELETE' | 'POST'; readonly body?: URLSearchParams };
}

/** devpi removes a version by its address. */
const devpi = (root: string, project: string, { written }: PublishedVersion): readonly Request[] => [
  { url: `${root}${project}/${encodeURIComponent(written)}`, init: { method: 'DELETE' } },
];

/** pypiserver accepts the old form of PyPI's own API, and takes each spelling of name and version in the files for another release. */
function pypiserver(root: string, { files }: PublishedVersion): readonly Request[] {
  const spellings = files.flatMap(({ filename }) => splitFileName(filename) ?? []);
  const forms = new Set(spellings.map(({ name, version }) => new URLSearchParams({ ':action': 'remove_pkg', name, version }).toString()));
  return [...forms].map((form) => ({ url: root, init: { method: 'POST', body: new URLSearchParams(form) } }));
}

async function send({ url, init }: Request, login: Login, context: ReadContext): Promise<StepError | undefined> {
  const headers = { accept: 'application/json', authorization: basicAuthorization(login) };
  const { status, text } = await ask(url, { ...init, headers }, context);
  return status >= 200 && status <= 299 ? undefined : refused(url, status, text);
}

function refused(url: string, status: number, page: string): StepError {
  const quote = page
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
  return new StepError('PYPI_REMOVAL_REFUSED', `${url} responded with status ${status}: ${quote}`, {
    hint: /volatile/.test(page)
      ? 'devpi keeps the files of a non-volatile index. Its owner can change that: devpi index volatile=True'
      : 'Check `username` and `token`, and whether this user may remove releases.',
    retryable: isTransient(status),
  });
}

/** Whether it is gone. */
export async function probeRemove(config: RemoveConfig, context: ReadContext): Promise<Probe<RemoveOutputs>> {
  const { published } = await releaseOnIndex(config, context);
  return published === undefined ? { found: 'done', output: { files: [] } } : { found: 'not-done' };
}
