/** The door for what many plugins would write themselves: `import { … } from 'relpipe/plugin/toolkit'`. */
export { messageOf } from '../util/phrases.ts';
export { shellWord } from '../util/shell-word.ts';
export { findingFrom, isTransient } from './errors.ts';
export { readIfThere, replaceFile } from './files.ts';
export type { FileAttributes } from './files.ts';
export { fetchAnswer, readBody, revealHeaders, wasNotSent, whyUnreachable } from './http.ts';
export type { FetchAnswerOptions, HttpAnswer } from './http.ts';
export { parseJson } from './json.ts';
export { busyHint, busyReason, retryAfterMs } from './retry-after.ts';
