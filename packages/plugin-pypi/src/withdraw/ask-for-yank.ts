import type { IndexSoftware } from '../settings/index-software.ts';
import type { ReleaseOnIndex } from './release-on-index.ts';

/** Where a person withdraws a release by hand: PyPI has no API for it, and of other indexes none is known. */
export const pageOf = (release: ReleaseOnIndex, software: IndexSoftware): string =>
  software.kind === 'pypi'
    ? `${software.site}/manage/project/${release.project}/release/${release.published?.written ?? release.version}/`
    : `${release.index.url}${release.project}/`;

/** What a person is asked to do, in one sentence each. */
export function askForYank(release: ReleaseOnIndex, software: IndexSoftware, reason: string): string {
  const what = `${release.project} ${release.published?.written ?? release.version}`;
  const page = pageOf(release, software);
  return software.kind === 'pypi'
    ? `Please yank ${what}: open ${page}, choose Options, Yank, and give this reason: ${reason}. PyPI has no API for it. Approve when it is done; the index is looked at then.`
    : `Please withdraw ${what} from the index of ${page} by its own means, with this reason: ${reason}. No API for it is known. Approve when it is done; the index is looked at then.`;
}
