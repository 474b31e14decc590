/** Sections and their keys in lower case, as Python's `RawConfigParser` reads pip.conf and .pypirc. */
export type Ini = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * `key = value` or `key: value`; an indented line continues the value above; lines that begin with `#` or `;` are comments. What is
 * none of these is passed over: the tool itself will complain.
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
