import type { ReadContext } from 'relpipe/plugin';
import { releaseOf, type Release } from '../names/release.ts';
import { indexToPublish } from '../settings/index-to-publish.ts';
import { indexToRead } from '../settings/index-to-read.ts';
import type { IndexSoftware } from '../settings/index-software.ts';
import { fetchProject } from '../simple-api/fetch-project.ts';
import type { PackageIndex } from '../simple-api/package-index.ts';
import { publishedVersions, type PublishedVersion } from '../simple-api/published-versions.ts';

interface Named extends Release {
  readonly index?: string;
}

export interface ReleaseOnIndex extends Release {
  readonly index: PackageIndex;
  /** Undefined when the index does not list it. */
  readonly published: PublishedVersion | undefined;
}

/** Without a named index it is the one to which twine would upload: a release is withdrawn where it was published. */
export async function releaseOnIndex(config: Named, context: ReadContext): Promise<ReleaseOnIndex> {
  const release = releaseOf(config);
  const index =
    config.index === undefined ? (await indexToPublish({}, process.env, context)).index : await indexToRead(config.index, process.env);
  const listed = (await fetchProject(index, release.project, context)) ?? [];
  return { ...release, index, published: publishedVersions(release.project, listed).get(release.version) };
}

/** Gone, or every file of it yanked: only those who name it exactly still get it. */
export const isWithdrawn = ({ published }: ReleaseOnIndex): boolean =>
  published === undefined || published.files.every(({ yanked }) => yanked !== undefined);

/** The page where a person withdraws a release: PyPI has no API for it, and none is known for other software. */
export const pageOf = (release: ReleaseOnIndex, software: IndexSoftware): string =>
  software.kind === 'pypi'
    ? `${software.site}/manage/project/${release.project}/release/${release.published?.written ?? release.version}/`
    : `${release.index.url}${release.project}/`;
