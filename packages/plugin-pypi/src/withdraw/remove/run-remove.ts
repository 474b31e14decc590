import { StepError, type ReadContext, type Static } from 'relpipe/plugin';
import { ask } from '../../http/ask.ts';
import { splitFileName } from '../../names/split-file-name.ts';
import { indexSoftware } from '../../settings/index-software.ts';
import { basicAuthorization, tokenUser, type Login } from '../../settings/login.ts';
import { uploadAddress } from '../../settings/upload-address.ts';
import type { PublishedVersion } from '../../simple-api/published-versions.ts';
import { pageOf } from '../ask-for-yank.ts';
import { releaseOnIndex, type ReleaseOnIndex } from '../release-on-index.ts';
import type { removeConfig, removeOutputs } from './remove-config.ts';

type RemoveConfig = Static<typeof removeConfig>;

/** @throws {StepError} `PYPI_NO_REMOVAL`, `PYPI_NO_LOGIN`, `PYPI_REMOVAL_REFUSED` */
export async function runRemove(config: RemoveConfig, context: ReadContext): Promise<Static<typeof removeOutputs>> {
  const release = await releaseOnIndex(config, context);
  const { published } = release;
  if (!published) return { files: [] };
  const software = await indexSoftware(release.index, context);
  if (software.kind !== 'devpi' && software.kind !== 'pypiserver') throw noRemoval(release, pageOf(release, software));
  const login = await loginOf(config, software.upload);
  const requests = software.kind === 'devpi' ? devpi(software.upload, release.project, published) : pypiserver(software.upload, published);
  for (const request of requests) {
    const refusal = await send(request, login, context);
    // It may have gone in between: the index says what is so, and not the answer.
    if (refusal && (await releaseOnIndex(config, context)).published) throw refusal;
  }
  const files = published.files.map(({ filename }) => filename);
  context.log(`removed ${files.join(', ')}`);
  return { files };
}

interface Request {
  readonly url: string;
  readonly init: { readonly method: 'DELETE' | 'POST'; readonly body?: URLSearchParams };
}

/** devpi removes a version by its address. */
const devpi = (root: string, project: string, { written }: PublishedVersion): readonly Request[] => [
  { url: `${root}${project}/${encodeURIComponent(written)}`, init: { method: 'DELETE' } },
];

/** pypiserver takes the old form of PyPI's own API, and each spelling of name and version in the files for another release. */
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

async function loginOf({ username, token }: RemoveConfig, upload: string): Promise<Login> {
  if (token !== undefined) return { username: username ?? tokenUser, password: token };
  const { login } = await uploadAddress(upload, process.env);
  if (login) return login;
  throw new StepError('PYPI_NO_LOGIN', `There is no login for ${upload}, and removing needs one.`, { hint: 'Give `username` and `token`.' });
}

const refused = (url: string, status: number, said: string): StepError =>
  new StepError('PYPI_REMOVAL_REFUSED', `${url} answered ${status}: ${said.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim().slice(0, 200)}`, {
    hint: /volatile/.test(said)
      ? 'devpi keeps what is on a non-volatile index. Whoever owns it can say: devpi index volatile=True'
      : 'Check `username` and `token`, and whether this user may remove.',
    retryable: status >= 500 || status === 429,
  });

const noRemoval = ({ project, version, index }: ReleaseOnIndex, page: string): StepError =>
  new StepError('PYPI_NO_REMOVAL', `No API removes ${project} ${version} from ${index.url}: a person has to do it.`, {
    hint: `Yank it on ${page}`,
  });
