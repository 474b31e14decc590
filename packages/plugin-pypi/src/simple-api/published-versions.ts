import { parseVersion, type Version } from '../names/parse-version.ts';
import { releaseOfFile } from '../names/release-of-file.ts';
import { splitFileName } from '../names/split-file-name.ts';
import type { IndexFile } from './index-file.ts';

/** One version as the index shows it. */
export interface PublishedVersion {
  readonly canonical: string;
  /** As its files spell it: people know it as `1.4.0`, and not as `1.4`. */
  readonly written: string;
  readonly parsed: Version;
  readonly files: readonly IndexFile[];
  /** The reason, possibly empty; undefined when no file of it is yanked. */
  readonly yanked: string | undefined;
}

/** The versions of a project by their canonical spelling. What is no release file is passed over. */
export function publishedVersions(project: string, listed: readonly IndexFile[]): ReadonlyMap<string, PublishedVersion> {
  const versions = new Map<string, PublishedVersion>();
  for (const file of listed) {
    const release = releaseOfFile(file.filename);
    if (release?.project !== project) continue;
    const parsed = parseVersion(release.version);
    if (!parsed) continue;
    const known = versions.get(release.version);
    versions.set(release.version, {
      canonical: release.version,
      written: known?.written ?? splitFileName(file.filename)?.version ?? release.version,
      parsed,
      files: [...(known?.files ?? []), file],
      yanked: known?.yanked ?? file.yanked,
    });
  }
  return versions;
}
