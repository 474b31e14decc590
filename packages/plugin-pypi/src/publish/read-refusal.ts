import { StepError } from 'relpipe/plugin';

/**
 * What an index meant when it refused a file, told from what the tool printed. `exists` is no refusal yet: the same words are said of
 * the same bytes and of other ones, so somebody has to look.
 */
export function readRefusal(filename: string, url: string, printed: string): 'exists' | StepError {
  const said = lastLines(printed);
  if (/previously used by a file that has since been deleted/i.test(printed)) return usedUp(filename);
  if (/\b409\b|already exist/i.test(printed)) return 'exists';
  if (/\b(401|403)\b|unauthorized|forbidden|isn't allowed|invalid or non-existent authentication/i.test(printed)) return forbidden(filename, url, said);
  if (/\b4\d\d\b.{0,40}(bad request|not found|client error|for url|from http|entity)|\b400\b/i.test(printed)) return rejected(filename, url, said);
  return new StepError('PYPI_UPLOAD_FAILED', `${filename} could not be uploaded to ${url}: ${said}`, { retryable: passing.test(printed) });
}

/** A server in trouble, or the way to it. Trying again is harmless, because the index is looked at first. */
const passing = /\b(429|5\d\d)\b|connection|timed out|timeout|error sending request|temporar|name resolution|broken pipe|eof/i;

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

const lineCount = 4;

/** The end of what was printed, as one line without frames and markup. */
const lastLines = (printed: string): string =>
  printed
    .replace(/<[^>]*>/g, ' ')
    .split('\n')
    .map((line) => line.replace(/[│╭╮╰╯─]/g, ' ').replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .slice(-lineCount)
    .join(' ')
    .slice(0, 600);
