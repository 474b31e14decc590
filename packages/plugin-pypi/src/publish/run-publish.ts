import { StepError, type RunContext } from 'relpipe/plugin';
import { withoutPassword, type Login } from '../settings/login.ts';
import { indexToPublish, type PublishingIndex } from '../settings/index-to-publish.ts';
import { fetchProject } from '../simple-api/fetch-project.ts';
import { comparePublished } from './compare-published.ts';
import { filesToPublish, pathOfBuilt, type FilesToPublish } from './files-to-publish.ts';
import { loginFor } from './login-for.ts';
import type { PublishConfig, PublishOutputs, PublishState } from './publish-config.ts';
import { readRefusal } from './read-refusal.ts';
import { findUploader, uploadCommand, type Tool } from './uploader.ts';

/**
 * Uploads what the index does not have yet, one file at a time: whatever happens in between, what is done is known. The same bytes
 * already there are done; other bytes are an error, before anything is uploaded.
 */
export async function runPublish(config: PublishConfig, context: RunContext<PublishState>): Promise<PublishOutputs> {
  const release = await filesToPublish(config, context.workdir);
  const target = await indexToPublish(config, process.env, context);
  refuseMixture(release, target, context.saved);
  const there = comparePublished(release, await fetchProject(target.index, release.project, context));
  for (const name of there) context.log(`${name} is on the index already, with the same bytes`);
  const missing = [...release.files].filter(([name]) => !there.has(name));
  const paths = new Map<string, string>();
  // All of them before the first one is out.
  for (const [name, sha256] of missing) paths.set(name, await pathOfBuilt(release.folder, name, sha256));

  const begun = new Set(context.saved?.begun);
  if (paths.size > 0) {
    const tool = await findUploader(config.tool, context);
    const login = await loginFor(config, target, context);
    for (const [name, path] of paths) {
      const current = await login();
      begun.add(name);
      await context.saveState({ upload: target.url, files: Object.fromEntries(release.files), begun: [...begun] });
      await upload({ tool, release, target, login: current, name, path }, context);
      context.progress({ done: there.size + [...paths.keys()].indexOf(name) + 1, of: release.files.size, unit: 'files', note: name });
    }
  }
  return { files: Object.fromEntries(release.files), uploaded: [...begun], index: target.index.url };
}

interface Upload {
  readonly tool: Tool;
  readonly release: FilesToPublish;
  readonly target: PublishingIndex;
  readonly login: Login | undefined;
  readonly name: string;
  readonly path: string;
}

async function upload({ tool, release, target, login, name, path }: Upload, context: RunContext<PublishState>): Promise<void> {
  const { argv, env } = uploadCommand(tool, target.url, login, path);
  const { code, stdout, stderr } = await context.exec(argv, { env });
  if (code !== 0) await lookAgain({ release, target, name }, withoutPassword(`${stdout}\n${stderr}`, login), context);
  context.log(code === 0 ? `${name} is uploaded` : `${name} is on the index with the same bytes, though ${tool} failed`);
}

/** When an upload failed, the index is looked at before anything is believed: it may have taken the file and lost its answer. */
async function lookAgain({ release, target, name }: Pick<Upload, 'release' | 'target' | 'name'>, printed: string, context: RunContext<PublishState>): Promise<void> {
  const refusal = readRefusal(name, target.url, printed);
  const there = comparePublished(release, await fetchProject(target.index, release.project, context));
  if (there.has(name)) return;
  throw refusal === 'exists' ? existsUnseen(name, target) : refusal;
}

const existsUnseen = (name: string, { index }: PublishingIndex): StepError =>
  new StepError('PYPI_EXISTS_UNSEEN', `The index says that ${name} exists, and ${index.url} does not list it.`, {
    hint: 'The list may lag: resume in some minutes. If it stays so, the name or the content was used by another project or release; look on the web page.',
    retryable: true,
  });

/** Half a release of one build and half of another, or half of it here and half there: nothing could mend that. */
function refuseMixture({ files }: FilesToPublish, target: PublishingIndex, saved: PublishState | undefined): void {
  if (!saved || saved.begun.length === 0) return;
  const begun = saved.begun.join(', ');
  if (saved.upload !== target.url) {
    throw new StepError('PYPI_INDEX_CHANGED', `This run has begun to upload to ${saved.upload} (${begun}), and would go on at ${target.url}.`, {
      hint: 'Resume where twine and pip are configured as they were, e.g. with the same TWINE_REPOSITORY_URL.',
    });
  }
  const same = Object.keys(saved.files).length === files.size && [...files].every(([name, sha256]) => saved.files[name] === sha256);
  if (same) return;
  throw new StepError('PYPI_FILES_CHANGED', `This run has begun to publish other files: ${begun} of another build.`, {
    hint: 'Bring the files of the first build back and resume, or release another version.',
  });
}
