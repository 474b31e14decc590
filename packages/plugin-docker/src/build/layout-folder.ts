import { join } from 'node:path';
import { parseReference } from '../reference/image-reference.ts';

/** Where the layout of an image lies, from the folder of the pipeline file. */
export function layoutFolder(tagged: string): string {
  const { host, repository, tag = 'latest' } = parseReference(tagged);
  return join('.relpipe', 'images', `${host}/${repository}/${tag}`.replace(/[^a-zA-Z0-9._-]/g, '-'));
}
