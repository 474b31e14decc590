/** A word or phrase that this project does not use, and what to write instead. */
export interface Entry {
  readonly word: string;
  readonly use: string;
  /** Finds it; default: `word`, whole and in any case. One that looks at capitals sees the text as it is, else `isSettled` is read as `is Settled`. */
  readonly pattern?: RegExp;
}

/** One story has one word, and that is the standard word of the field. */
export const wordList: readonly Entry[] = [
  // One word for one thing.
  { word: 'way back', pattern: /\bways? back\b/gi, use: 'rollback' },
  { word: 'undo', pattern: /\b(undo|undoes|undoing|undone|undid|undos)\b/gi, use: 'rollback, roll back, rolled back' },
  { word: 'take back', pattern: /\b(take|takes|taken|taking|took) back\b/gi, use: 'roll back, rolled back' },
  { word: 'go back', pattern: /\b(go|goes|going|gone|went) back\b/gi, use: 'roll back, return' },
  { word: 'letter', pattern: /\bletters?\b/gi, use: 'command (of a person to a run)' },
  { word: 'told', pattern: /\btold\b(?! apart)/gi, use: 'notified, commanded, reported, printed' },
  { word: 'settle', pattern: /(?<!\ball )\b(settle|settles|settled|settling)\b/gi, use: 'resolve (a person), finish (the core), is fully known (a value)' },
  { word: 'clearance', use: 'the number of dependents that are left' },
  { word: 'standing', use: 'in effect' },
  { word: 'trouble', use: 'a pending transition' },
  { word: 'doom', pattern: /\bdoom(s|ed)?\b/gi, use: 'cancel' },
  { word: 'stuck', use: 'blocked' },
  { word: 'forgiven', pattern: /\bforg(ive|ives|iven|ave)\b/gi, use: 'ignored' },
  { word: 'by-hand', pattern: /\b(by-hand|byHand|ByHand)\b/g, use: 'manual' },
  { word: 'booked', pattern: /\b(booked|process book)\b/gi, use: 'registered, process registry' },
  { word: 'bury', pattern: /\b(bury|buries|buried)\b/gi, use: 'reap' },
  { word: 'deaf', use: 'ignores signals' },
  { word: 'obey', pattern: /\bobey(s|ed|ing)?\b/gi, use: 'handle, follow, stop with the signal' },
  { word: 'adopt', pattern: /\badopt(s|ed|ing)?\b/gi, use: 'register' },
  { word: 'shelf', use: 'store' },
  { word: 'sighting', pattern: /\bsightings?\b/gi, use: 'match' },
  { word: 'playground', use: 'demo environment' },
  { word: 'workshop', use: 'bench folder' },
  { word: 'testers', pattern: /\b(no-)?testers\b/gi, use: 'traffic.preview' },
  { word: 'outline', use: 'symbols' },
  { word: 'trail', use: 'path' },

  // Plain words.
  { word: 'former', use: 'previous' },
  { word: 'circle', pattern: /\bcircles?\b/gi, use: 'cycle' },
  { word: 'begin', pattern: /\b(begin|begins|began|begun|beginning|beginnings)\b(?! (EXCLUSIVE|IMMEDIATE))/gi, use: 'start, started' },
  { word: 'stands', pattern: /\b(stands|stood)\b/gi, use: 'is, is in effect, depends' },
  { word: 'behind', pattern: /\b(right|lies?|add(ed|s)?|(?<!left )wakes?) behind\b|\bbehind (it|them|the (step|stage|run|fact|last|colon|one)|everything)\b/gi, use: 'after' },
  { word: 'gives', pattern: /\bgives\b(?! (the candidate|each request|traffic|up|an image)\b)/gi, use: 'returns, produces' },
  { word: 'goes on', pattern: /\b(go|goes|going) on\b/gi, use: 'continues, resumes' },
  { word: 'broken off', pattern: /\b(broken|broke|break|breaks) off\b/gi, use: 'interrupted' },
  { word: 'shall', use: 'should, or is' },
  { word: 'surely', use: 'certainly' },
  { word: 'anew', use: 'again' },
  { word: 'noes', use: 'negative results' },

  // Whole sentences.
  { word: 'is no', pattern: /(?<!\bthere )\b(is|are|was) no (?!longer\b)/gi, use: 'is not a valid …, or what it is' },
  { word: 'Whoever', pattern: /\bWhoever\b/g, use: 'the person, process or caller as the subject' },
  { word: 'Who …', pattern: /(?<=^|[^A-Za-z]|[.!?:] )Who (?![^.!?]*\?)/gm, use: 'the person, process or step as the subject' },
  { word: 'What was …', pattern: /(?<=^|[^A-Za-z])What was (?![^.!?]*\?)/gm, use: 'the thing itself as the subject' },
];

/** A file in which a word of the list means something else. */
interface Exception {
  readonly word: string;
  readonly file: string;
  /** Only lines with this text; default: all lines of the file. */
  readonly line?: string;
  readonly because: string;
}

const alphabet = 'the letters of the alphabet';
const svg = 'the element of SVG';
const css = 'a property of CSS';
const settlingTime = 'the setting `settle` of a router: how long its proxies need for new weights';
const renamed = 'the previous name of a command, which is refused with the new one';

export const exceptions: readonly Exception[] = [
  { word: 'letter', file: 'packages/engine/src/errors/texts/structure-texts.ts', because: alphabet },
  { word: 'letter', file: 'packages/plugin-docker/src/credentials/open-login.ts', because: alphabet },
  { word: 'letter', file: 'packages/plugin-traffic/src/relpipe-router/setting-reader.ts', because: alphabet },
  { word: 'letter', file: 'docs/errors.md', because: alphabet },
  { word: 'letter', file: 'packages/engine/src/report/html/page/style.ts', line: 'letter-spacing', because: css },
  { word: 'outline', file: 'packages/engine/src/report/html/page/style.ts', line: 'outline:', because: css },
  { word: 'circle', file: 'packages/engine/src/report/html/page/style.ts', because: svg },
  { word: 'circle', file: 'packages/engine/src/report/html/chart/metric-series.ts', line: '<circle', because: svg },
  { word: 'circle', file: 'packages/engine/src/report/html/chart/weight-chart.ts', line: '<circle', because: svg },
  { word: 'circle', file: 'packages/engine/src/report/html/graph/draw-graph.ts', line: '<circle', because: svg },
  { word: 'settle', file: 'packages/router-kong/src/kong.ts', because: settlingTime },
  { word: 'settle', file: 'packages/router-kong/src/kong.impl.ts', because: settlingTime },
  { word: 'settle', file: 'packages/router-kong/README.md', because: settlingTime },
  { word: 'settle', file: 'packages/router-kubernetes/src/settings.ts', because: settlingTime },
  { word: 'settle', file: 'packages/router-kubernetes/src/route-router.ts', because: settlingTime },
  { word: 'settle', file: 'packages/router-kubernetes/README.md', because: settlingTime },
  { word: 'settle', file: 'examples/pipelines/gateway-canary/release.pipeline.yaml', because: settlingTime },
  { word: 'settle', file: 'packages/engine/src/cli/main.ts', because: renamed },
  { word: 'settle', file: 'docs/reference/commands.md', because: renamed },
  { word: 'begin', file: 'packages/engine/src/run/store/sqlite/database.ts', line: "'BEGIN'", because: 'a statement of SQL' },
  { word: 'undo', file: 'packages/engine/src/validate/structure/suggestions.ts', because: 'a key that people write by mistake, for which the right one is suggested' },
];
