import { releaseOfFile, splitFileName } from '../names/release.ts';
import { parseVersion, type Version } from '../names/versions.ts';
import type { IndexFile } from './index-file.ts';

/** One version as the index shows it. */
export interface PublishedVersion {
  /** As its files spell it: people know it as `1.4.0`, and not as `1.4`. */
  readonly written: string;
  readonly parsed: Version;
  readonly files: readonly IndexFile[];
  /** The reason, possibly empty; undefined when none of its files is yanked. */
  readonly yanked: string | undefined;
}

/** The versions of a project by their canonical spelling. Files of other kinds are ignored. */
export function publishedVersions(project: string, listed: readonly IndexFile[]): ReadonlyMap<string, PublishedVersion> {
  const versions = new Map<string, PublishedVersion>();
  for (const file of listed) {
    const release = releaseOfFile(file.filename);
    const parsed = release && parseVersion(release.version);
    if (release?.project !== project || !parsed) continue;
    const known = versions.get(release.version);
    versions.set(release.version, {
      written: known?.written ?? splitFileName(file.filename)?.version ?? release.version,
      parsed,
      files: [...(known?.files ?? []), file],
      yanked: known?.yanked ?? file.yanked,
    });
  }
  return versions;
}
