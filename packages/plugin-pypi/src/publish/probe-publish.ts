import { isStepError, type Probe, type ProbeContext } from 'relpipe/plugin';
import { indexToPublish } from '../settings/index-to-publish.ts';
import { fetchProject } from '../simple-api/fetch-project.ts';
import { comparePublished } from './compare-published.ts';
import { filesToPublish } from './files-to-publish.ts';
import type { PublishConfig, PublishOutputs, PublishState } from './publish-config.ts';

/** Looks which files are on the index. What was saved says what they are, even when the folder is gone. */
export async function probePublish(config: PublishConfig, context: ProbeContext<PublishState>): Promise<Probe<PublishOutputs>> {
  const { saved } = context;
  if (!saved) return { found: 'not-done' };
  const release = await filesToPublish({ ...config, files: saved.files }, context.workdir);
  const { index, url } = await indexToPublish(config, process.env, context);
  if (url !== saved.upload) return { found: 'unknown', detail: `it uploaded to ${saved.upload}, and twine is configured for ${url} now` };
  try {
    const there = comparePublished(release, await fetchProject(index, release.project, context));
    if (there.size === 0) return { found: 'not-done' };
    if (there.size < release.files.size) return { found: 'partly', detail: `${there.size} of ${release.files.size} files are on ${index.url}` };
    return { found: 'done', output: { files: saved.files, uploaded: saved.begun, index: index.url } };
  } catch (error) {
    if (isStepError(error) && !error.retryable) return { found: 'conflict', detail: error.message };
    throw error;
  }
}
