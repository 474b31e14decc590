import { StepError } from 'relpipe/plugin';
import { isTransient } from 'relpipe/plugin/toolkit';

/**
 * Why an index refused a file, by the output of twine or uv. `exists` is not an error yet: the index says it of the same bytes and of
 * other bytes, so the caller has to compare them.
 */
export function readRefusal(filename: string, url: string, printed: string): 'exists' | StepError {
  const words = wordsOf(printed);
  const quote = words.slice(-longestQuote);
  const status = statusIn(words);
  if (/previously used by a file that has since been deleted/i.test(words)) return previouslyUsed(filename);
  if (status === 409 || (status === 400 && /already exist/i.test(words))) return 'exists';
  if (status === 401 || status === 403) return forbidden(filename, url, quote);
  if (status !== undefined && !isTransient(status)) return rejected(filename, url, quote);
  const retryable = status !== undefined || /connection|timed? ?out|error sending request|name resolution/i.test(words);
  return new StepError('PYPI_UPLOAD_FAILED', `${filename} could not be uploaded to ${url}: ${quote}`, {
    hint: retryable ? 'Check the network and the status page of the index.' : 'Upload the file by hand to see the whole output.',
    retryable,
  });
}

const longestQuote = 400;

/** As one line: both tools color, frame and wrap the response, and the index sends it as an HTML page. */
const wordsOf = (printed: string): string =>
  printed
    .replace(/\x1b\[[0-9;]*m/g, '')
    .replace(/<style>.*?<\/style>/gs, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/[│╭╮╰╯─]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Only where a tool marks it as a status: file names and sizes contain numbers too. */
function statusIn(words: string): number | undefined {
  const found = [...words.matchAll(/(?:HTTPError: |status code:? |Response from \S+ )([45]\d\d)\b/gi)].at(-1)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Told apart from `exists`, so that nobody searches the index for a file that was deleted. */
const previouslyUsed = (filename: string): StepError =>
  new StepError('PYPI_FILENAME_PREVIOUSLY_USED', `${filename} was on the index before and was deleted; its name can never be used again.`, {
    hint: 'Release another version, e.g. with .post1.',
  });

const forbidden = (filename: string, url: string, quote: string): StepError =>
  new StepError('PYPI_UPLOAD_FORBIDDEN', `${url} does not allow this user to upload ${filename}: ${quote}`, {
    hint: 'Check that `token` is for this index and this project, and has not expired. For an API token the user name is `__token__`.',
  });

const rejected = (filename: string, url: string, quote: string): StepError =>
  new StepError('PYPI_UPLOAD_REJECTED', `${url} rejected ${filename}: ${quote}`, {
    hint: 'Correct what the message names; trying again does not help. Nothing of this file was published.',
  });
