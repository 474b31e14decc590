import { StepError } from 'relpipe/plugin';

/**
 * What an index meant when it refused a file, told from what twine or uv printed. `exists` is no refusal yet: the same words are said of
 * the same bytes and of other ones, so somebody has to look.
 */
export function readRefusal(filename: string, url: string, printed: string): 'exists' | StepError {
  const words = wordsOf(printed);
  const said = words.slice(-longestQuote);
  const status = statusIn(words);
  if (/previously used by a file that has since been deleted/i.test(words)) return usedUp(filename);
  if (status === 409 || (status === 400 && /already exist/i.test(words))) return 'exists';
  if (status === 401 || status === 403) return forbidden(filename, url, said);
  if (status !== undefined && status < 500 && status !== 429) return rejected(filename, url, said);
  const isPassing = status !== undefined || /connection|timed? ?out|error sending request|name resolution/i.test(words);
  return new StepError('PYPI_UPLOAD_FAILED', `${filename} could not be uploaded to ${url}: ${said}`, { retryable: isPassing });
}

const longestQuote = 400;

/** As one line: both tools paint, frame and break what the index says, and the index says it as a page. */
const wordsOf = (printed: string): string =>
  printed
    .replace(/\x1b\[[0-9;]*m/g, '')
    .replace(/<style>.*?<\/style>/gs, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/[│╭╮╰╯─]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Only where a tool says that it is one: file names and sizes have numbers too. */
function statusIn(words: string): number | undefined {
  const found = [...words.matchAll(/(?:HTTPError: |status code:? |Response from \S+ )([45]\d\d)\b/gi)].at(-1)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The file is gone and its name is spent: saying "already exists" of it sends people looking for a file that is nowhere. */
const usedUp = (filename: string): StepError =>
  new StepError('PYPI_FILENAME_USED_UP', `${filename} was on the index before and was deleted; its name can never be used again.`, {
    hint: 'Release another version, e.g. with .post1.',
  });

const forbidden = (filename: string, url: string, said: string): StepError =>
  new StepError('PYPI_UPLOAD_FORBIDDEN', `${url} does not let this user upload ${filename}: ${said}`, {
    hint: 'Check `token`: whether it is for this index and this project, and not expired. For an API token the user name is `__token__`.',
  });

const rejected = (filename: string, url: string, said: string): StepError =>
  new StepError('PYPI_UPLOAD_REJECTED', `${url} rejects ${filename}: ${said}`, {
    hint: 'It would do so again: repair what it names. Nothing of this file was published.',
  });
