import { Type, type ReadContext } from 'relpipe/plugin';
import { indexField, projectField, versionField } from '../names/release-fields.ts';
import { releaseOf, type Release } from '../names/release-of.ts';
import { indexToPublish } from '../settings/index-to-publish.ts';
import { indexToRead } from '../settings/index-to-read.ts';
import { fetchProject } from '../simple-api/fetch-project.ts';
import type { PackageIndex } from '../simple-api/package-index.ts';
import { publishedVersions, type PublishedVersion } from '../simple-api/published-versions.ts';

/** The fields that say which release is meant, for all step types of this folder. */
export const releaseOnIndexFields = { project: projectField, version: versionField, index: Type.Optional(indexField) };

interface Named extends Release {
  readonly index?: string;
}

export interface ReleaseOnIndex extends Release {
  readonly index: PackageIndex;
  /** Undefined when the index does not list it. */
  readonly published: PublishedVersion | undefined;
}

/** Without a name it is the index to which twine would upload: what is published there is withdrawn there. */
export async function releaseOnIndex(config: Named, context: ReadContext): Promise<ReleaseOnIndex> {
  const release = releaseOf(config);
  const index = config.index === undefined ? (await indexToPublish({}, process.env, context)).index : await indexToRead(config.index, process.env);
  const listed = (await fetchProject(index, release.project, context)) ?? [];
  return { ...release, index, published: publishedVersions(release.project, listed).get(release.version) };
}

/** Gone, or every file of it yanked: nobody gets it any more who does not name it exactly. */
export const isWithdrawn = ({ published }: ReleaseOnIndex): boolean =>
  published === undefined || published.files.every(({ yanked }) => yanked !== undefined);
