import { StepError } from 'relpipe/plugin';
import { compareVersions, isStable } from '../names/compare-versions.ts';
import { parseVersion } from '../names/parse-version.ts';
import type { Release } from '../names/release-of.ts';
import type { PublishedVersion } from '../simple-api/published-versions.ts';

type Published = ReadonlyMap<string, PublishedVersion>;

/**
 * The newest stable version before `from` that is not yanked; or the one that is named, by its canonical spelling, if it is all that.
 * @throws {StepError} `PYPI_NO_TARGET`, `PYPI_TARGET_MISSING`, `PYPI_TARGET_NEWER`, `PYPI_TARGET_PRERELEASE`, `PYPI_TARGET_YANKED`
 */
export function chooseTarget(from: Release, named: string | undefined, published: Published): PublishedVersion {
  const before = [...published.values()].filter((version) => isBefore(version, from)).sort(newestFirst);
  const [newest] = before.filter(({ parsed, yanked }) => isStable(parsed) && yanked === undefined);
  if (named !== undefined) return checkTarget(from, named, published, newest);
  if (newest) return newest;
  throw new StepError('PYPI_NO_TARGET', `${from.project} has no version to go back to from ${from.version}${whyNone(before)}.`, {
    hint: 'Go forward: repair, and release a new version.',
  });
}

function checkTarget(from: Release, named: string, published: Published, instead: PublishedVersion | undefined): PublishedVersion {
  const target = published.get(named);
  if (!target) throw refused('MISSING', `${from.project} ${named} is not on the index.`, instead);
  const { written, parsed, yanked } = target;
  if (!isBefore(target, from)) throw refused('NEWER', `${written} is not older than ${from.version}: going there is no way back.`, instead);
  if (!isStable(parsed)) throw refused('PRERELEASE', `${written} is a pre-release.`, instead);
  if (yanked !== undefined) throw refused('YANKED', `${written} has been yanked${yanked === '' ? '' : `: ${yanked}`}.`, instead);
  return target;
}

function isBefore({ parsed }: PublishedVersion, { version }: Release): boolean {
  const from = parseVersion(version);
  return from !== undefined && compareVersions(parsed, from) < 0;
}

const newestFirst = (a: PublishedVersion, b: PublishedVersion): number => compareVersions(b.parsed, a.parsed);

const whyNone = (before: readonly PublishedVersion[]): string => {
  if (before.length === 0) return ': the index has none before it';
  const words = before.slice(0, 5).map(({ written, yanked }) => `${written} is ${yanked === undefined ? 'a pre-release' : 'yanked'}`);
  return `: ${words.join(', ')}`;
};

const refused = (word: string, message: string, instead: PublishedVersion | undefined): StepError =>
  new StepError(`PYPI_TARGET_${word}`, message, {
    hint: instead
      ? `${instead.written} could be gone back to: name it, or leave \`target\` out.`
      : 'There is no earlier version to go back to: repair, and release a new one.',
  });
