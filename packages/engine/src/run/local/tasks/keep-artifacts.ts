import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, constants, glob, mkdir, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { relpipeFolderName } from '../../../util/relpipe-folder.ts';
import { messageOf } from '../../../util/phrases.ts';
import type { Artifact } from '../../core/fact.ts';
import type { TaskOp } from '../../core/operation.ts';
import type { StepLog } from './step-log.ts';
import type { TaskDeps } from './workplace.ts';

/** Copies what an attempt has left to the folder of the run, in place of what an earlier attempt left; none for a step without `artifacts`. */
export async function keepArtifacts(op: TaskOp, deps: TaskDeps, log: StepLog): Promise<readonly Artifact[]> {
  const globs = op.verb === 'run' ? deps.artifactsOf(op.step) : [];
  if (globs.length === 0) return [];
  const target = deps.folder.artifacts(op.step);
  try {
    await rm(target, { recursive: true, force: true });
    const kept: Artifact[] = [];
    for (const path of await filesIn(deps.workdir, globs)) kept.push(await keep(path, deps.workdir, target));
    if (kept.length === 0) log.line(`No file matches ${globs.join(', ')}: nothing is kept.`);
    return kept;
  } catch (error) {
    // The step has had its effect; that its files cannot be kept does not change that.
    log.line(`Its files could not be kept: ${deps.mask.text(messageOf(error))}`);
    return [];
  }
}

/** Files alone, each once, in the order of their names. What relpipe itself has written is none of the step's. */
async function filesIn(cwd: string, globs: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  for await (const entry of glob(globs, { cwd, withFileTypes: true, exclude: ({ name }) => name === relpipeFolderName })) {
    if (entry.isFile()) found.add(relative(cwd, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  }
  return [...found].sort();
}

async function keep(path: string, cwd: string, target: string): Promise<Artifact> {
  const copy = join(target, path);
  await mkdir(dirname(copy), { recursive: true });
  await copyFile(join(cwd, path), copy, constants.COPYFILE_FICLONE);
  return { path, ...(await contentOf(copy)) };
}

async function contentOf(file: string): Promise<Pick<Artifact, 'bytes' | 'sha256'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(createReadStream(file), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      hash.update(chunk);
    }
  });
  return { bytes, sha256: hash.digest('hex') };
}
