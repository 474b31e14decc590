import { StepError } from 'relpipe/plugin';
import { readIfThere } from 'relpipe/plugin/toolkit';

/** Sections and their keys in lower case, as Python's `RawConfigParser` reads pip.conf and .pypirc. */
type Ini = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Undefined when the file does not exist.
 * @throws {StepError} `PYPI_CONFIG_UNREADABLE`
 */
export async function readIni(path: string): Promise<Ini | undefined> {
  try {
    const text = await readIfThere(path, 'utf8');
    return text === undefined ? undefined : parseIni(text);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    throw new StepError('PYPI_CONFIG_UNREADABLE', `${path} could not be read: ${String(code ?? error)}.`, {
      hint: 'It may name the index to use. Make it readable, or set `index` in the step.',
      cause: error,
    });
  }
}

/**
 * `key = value` or `key: value`; an indented line continues the value above; lines that start with `#` or `;` are comments. Other
 * lines are ignored: the tool itself reports them.
 */
export function parseIni(text: string): Ini {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  let key: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const title = /^\[(.+)\]\s*$/.exec(line)?.[1];
    const pair = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line);
    if (title !== undefined) {
      section = sections.get(title) ?? new Map<string, string>();
      sections.set(title, section);
      key = undefined;
    } else if (/^\s/.test(line) && key !== undefined) {
      section.set(key, `${section.get(key) ?? ''}\n${line.trim()}`.trim());
    } else if (pair) {
      key = (pair[1] ?? '').toLowerCase();
      section.set(key, pair[2] ?? '');
    }
  }
  return sections;
}
