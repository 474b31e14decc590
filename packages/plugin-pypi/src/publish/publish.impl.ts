import {
  isFullyKnown,
  isStepError,
  plannedText,
  StepError,
  unknownUntilRun,
  type PlannedConfig,
  type Preview,
  type Probe,
  type ProbeContext,
  type ReadContext,
  type RunContext,
} from 'relpipe/plugin';
import { knownFiles } from '../planned.ts';
import { indexToPublish, type PublishingIndex } from '../settings/index-to-publish.ts';
import { withoutPassword, type Login } from '../settings/login.ts';
import { fetchProject } from '../simple-api/fetch-project.ts';
import { filesToPublish, pathOfBuilt, publishedAlready, type FilesToPublish } from './files-to-publish.ts';
import { loginFor } from './login-for.ts';
import type { publishConfig, PublishConfig, PublishOutputs, PublishState } from './publish.ts';
import { readRefusal } from './read-refusal.ts';
import { findUploader, uploadCommand, type Tool } from './uploader.ts';

/** The files, and the address that they are uploaded to. */
export async function previewPublish(config: PlannedConfig<typeof publishConfig>, context: ReadContext): Promise<Preview> {
  const { project, version, index, upload, files } = config;
  const where = { index, upload };
  const url = isFullyKnown(where) ? await addressOf(where, context) : plannedText(upload ?? index);
  const known = knownFiles(files);
  const what = known ? Object.keys(known).join(', ') : 'its files';
  return {
    change: `${plannedText(project)} ${plannedText(version)}: ${what} on ${url}`,
    rollback: 'impossible: a published file can be withdrawn, but never replaced',
    unknownUntilRun: unknownUntilRun(config),
  };
}

/** An address that cannot be found out is a finding of `verify`; the preview shows it as it is written. */
async function addressOf(
  where: { readonly index?: string | undefined; readonly upload?: string | undefined },
  context: ReadContext,
): Promise<string> {
  try {
    return (await indexToPublish(where, process.env, context)).url;
  } catch (error) {
    if (isStepError(error)) return where.upload ?? where.index ?? 'the index that twine is configured for';
    throw error;
  }
}

/**
 * Uploads the files that the index does not have yet, one at a time, so that it is always known which are done. Files that are there
 * with the same bytes are done; other bytes are an error before anything is uploaded.
 */
export async function runPublish(config: PublishConfig, context: RunContext<PublishState>): Promise<PublishOutputs> {
  const release = await filesToPublish(config, context.workdir);
  const target = await indexToPublish(config, process.env, context);
  refuseMixture(release, target, context.saved);
  const done = publishedAlready(release, await fetchProject(target.index, release.project, context), target.index);
  for (const name of done) context.log(`${name} is on the index already, with the same bytes`);
  const missing = [...release.files].filter(([name]) => !done.has(name));
  const paths = new Map<string, string>();
  // All files are checked before the first one is uploaded.
  for (const [name, sha256] of missing) paths.set(name, await pathOfBuilt(release.folder, name, sha256));

  const started = new Set(context.saved?.started);
  if (paths.size > 0) {
    const tool = await findUploader(config.tool, context);
    const currentLogin = await loginFor(config, target, context);
    for (const [name, path] of paths) {
      const login = await currentLogin();
      started.add(name);
      await context.saveState({ upload: target.url, files: Object.fromEntries(release.files), started: [...started] });
      await upload({ tool, release, target, login, name, path }, context);
      context.progress({ done: done.size + [...paths.keys()].indexOf(name) + 1, of: release.files.size, unit: 'files', note: name });
    }
  }
  return { files: Object.fromEntries(release.files), uploaded: [...started], index: target.index.url };
}

/** Half a release of one build and half of another, or half of it on another index: that could not be repaired. */
function refuseMixture({ files }: FilesToPublish, target: PublishingIndex, saved: PublishState | undefined): void {
  if (!saved || saved.started.length === 0) return;
  const started = saved.started.join(', ');
  if (saved.upload !== target.url) {
    throw new StepError(
      'PYPI_RESUME_INDEX_CHANGED',
      `This run started to upload to ${saved.upload} (${started}), and would continue on ${target.url}.`,
      {
        hint: 'Resume with twine and pip configured as before, e.g. with the same TWINE_REPOSITORY_URL.',
      },
    );
  }
  const same = Object.keys(saved.files).length === files.size && [...files].every(([name, sha256]) => saved.files[name] === sha256);
  if (same) return;
  throw new StepError('PYPI_RESUME_FILES_CHANGED', `This run started to publish the files of another build: ${started}.`, {
    hint: 'Restore the files of the first build and resume, or release another version.',
  });
}

interface Upload {
  readonly tool: Tool;
  readonly release: FilesToPublish;
  readonly target: PublishingIndex;
  readonly login: Login | undefined;
  readonly name: string;
  readonly path: string;
}

/** After a failed upload the index is read before its response is believed: it may have stored the file and lost the response. */
async function upload({ tool, release, target, login, name, path }: Upload, context: RunContext<PublishState>): Promise<void> {
  const { argv, env } = uploadCommand(tool, target.url, login, path);
  const { code, stdout, stderr } = await context.exec(argv, { env });
  if (code === 0) {
    context.log(`uploaded ${name}`);
    return;
  }
  const refusal = readRefusal(name, target.url, withoutPassword(`${stdout}\n${stderr}`, login));
  const done = publishedAlready(release, await fetchProject(target.index, release.project, context), target.index);
  if (!done.has(name)) throw refusal === 'exists' ? notListed(name, target) : refusal;
  context.log(`${name} is on the index with the same bytes, although ${tool} failed`);
}

const notListed = (name: string, { index }: PublishingIndex): StepError =>
  new StepError('PYPI_FILE_NOT_LISTED', `The index says that ${name} exists, but ${index.url} does not list it.`, {
    hint: 'The list may lag: resume in a few minutes. If this persists, another project or release uses the name or the content; check the web page of the index.',
    retryable: true,
  });

/** Reads which files are on the index. The saved state knows their hashes, even when the folder is gone. */
export async function probePublish(config: PublishConfig, context: ProbeContext<PublishState>): Promise<Probe<PublishOutputs>> {
  const { saved } = context;
  if (!saved) return { found: 'not-done' };
  const release = await filesToPublish({ ...config, files: saved.files }, context.workdir);
  const { index, url } = await indexToPublish(config, process.env, context);
  if (url !== saved.upload)
    return { found: 'unknown', detail: `the run uploaded to ${saved.upload}, but twine is configured for ${url} now` };
  try {
    const done = publishedAlready(release, await fetchProject(index, release.project, context), index);
    if (done.size === 0) return { found: 'not-done' };
    if (done.size < release.files.size)
      return { found: 'partly', detail: `${done.size} of ${release.files.size} files are on ${index.url}` };
    return { found: 'done', output: { files: saved.files, uploaded: saved.started, index: index.url } };
  } catch (error) {
    if (isStepError(error) && !error.retryable) return { found: 'conflict', detail: error.message };
    throw error;
  }
}
