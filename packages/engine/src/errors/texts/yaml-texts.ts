/** Errors about the file as YAML, before anything in it has a meaning. */
export const yamlTexts = {
  REL_FILE_MISSING: (p: { file: string; isIncluded?: boolean }) => ({
    message: `The file ${p.file} does not exist.`,
    hint: p.isIncluded ? 'Correct `pipeline:`; it is relative to the folder of the file that it is in.' : 'Name the pipeline file, or change to the folder that contains release.pipeline.yaml.',
  }),
  REL_FILE_IS_FOLDER: (p: { file: string }) => ({
    message: `${p.file} is a folder, not a file.`,
    hint: 'Name the pipeline file inside it, e.g. release.pipeline.yaml.',
  }),
  REL_FILE_UNREADABLE: (p: { file: string; because: string }) => ({
    message: `${p.file} cannot be read (${p.because}).`,
    hint: 'Check the permissions of the file and of its folder.',
  }),
  REL_FILE_NOT_UTF8: (p: { file: string; because: string }) => ({
    message: `${p.file} is not valid UTF-8 text: ${p.because}.`,
    hint: 'Save the file as UTF-8.',
  }),
  REL_FILE_EMPTY: () => ({
    message: 'The file is empty, or contains only comments.',
    hint: 'Start it with `relpipe: 1`, `name:` and `stages:`; docs/guide.md builds a file step by step.',
  }),
  REL_FILE_NOT_MAPPING: (p: { found: string }) => ({
    message: `A pipeline must be a mapping of keys to values; this file is ${p.found}.`,
    hint: 'Start it with `relpipe: 1`, and write each key at the start of its line, followed by a colon.',
  }),
  REL_YAML_SYNTAX: (p: { what: string; hint?: string }) => ({
    message: `Invalid YAML: ${p.what}.`,
    hint: p.hint ?? 'Check the indentation, colons and quotes on this line and on the line above.',
  }),
  REL_YAML_NESTED_TOO_DEEPLY: (p: { depth: number }) => ({
    message: `More than ${p.depth} levels are open here.`,
    hint: 'Close the brackets, or put the text in quotes if it is one.',
  }),
  REL_YAML_TAB: () => ({
    message: 'This line is indented with a tab; YAML allows only spaces.',
    hint: 'Indent with spaces.',
  }),
  REL_YAML_NEEDS_QUOTES: (p: { text: string; because: string; isWhole: boolean }) => ({
    message: `The string "${shortened(p.text)}" must be quoted: ${p.because}.`,
    hint: `Put the whole string in quotes: ${inQuotes(p.isWhole ? shortened(p.text) : `${shortened(p.text).replace(/…$/, '')}…`)}.`,
  }),
  REL_YAML_ESCAPE_INVALID: (p: { escape: string }) => ({
    message: `"${p.escape}" is not a valid escape sequence inside double quotes.`,
    hint: 'Use single quotes, where a backslash is an ordinary character, or write the backslash twice.',
  }),
  REL_YAML_QUOTE_UNCLOSED: (p: { quote: string }) => ({
    message: `A string starts with ${p.quote} and has no closing ${p.quote}.`,
    hint: `Close the string with ${p.quote}.`,
  }),
  REL_YAML_BRACKET_UNCLOSED: (p: { bracket: string }) => ({
    message: `This ${p.bracket} is never closed.`,
    hint: `Close it with ${p.bracket === '{' ? '}' : ']'}, or put the string in quotes if the bracket belongs to it.`,
  }),
  REL_YAML_BRACKET_UNMATCHED: (p: { bracket: string }) => ({
    message: `This ${p.bracket} closes nothing: there is no matching ${p.bracket === '}' ? '{' : '['} before it.`,
    hint: 'Remove it, or put the whole string in quotes if the bracket belongs to it.',
  }),
  REL_YAML_COLON_SPACE: (p: { key: string; value: string }) => ({
    message: `YAML reads "${p.key}:${p.value}" as one word: a key needs a space after its colon.`,
    hint: `Write ${p.key}: ${p.value}`,
  }),
  REL_YAML_DUPLICATE_KEY: (p: { key: string }) => ({
    message: `Duplicate key "${p.key}" in this mapping.`,
    hint: 'Keep one of the two, or rename one.',
  }),
  REL_YAML_MULTIPLE_DOCUMENTS: () => ({
    message: 'A second YAML document starts here; a pipeline file contains only one.',
    hint: 'Move what follows `---` into a file of its own.',
  }),
  REL_YAML_TAG_UNSUPPORTED: (p: { tag: string }) => ({
    message: `YAML reads ${p.tag} as a tag, so the value would not be the text that is written here.`,
    hint: 'Put the text in quotes; pipelines do not use tags.',
  }),
  REL_YAML_ALIAS_UNKNOWN: (p: { name: string }) => ({
    message: `YAML reads *${p.name} as an alias, and there is no anchor &${p.name} before it.`,
    hint: 'Define the anchor first, or put the text in quotes if the asterisk belongs to it.',
  }),
  REL_YAML_ALIAS_CYCLE: (p: { name: string }) => ({
    message: `Alias *${p.name} refers to an anchor that contains it.`,
    hint: 'Write out the value that is meant here.',
  }),
  REL_YAML_MERGE_KEY: () => ({
    message: '`<<` merges mappings in YAML 1.1; a pipeline is YAML 1.2, where it is an ordinary key.',
    hint: 'Write the keys out; settings that several steps share can go under `defaults:` or in a `matrix`.',
  }),
  REL_YAML_ALIAS_BOMB: () => ({
    message: 'The aliases (*name) in this file expand to more than 100 copies.',
    hint: 'Write the values out, or use a `matrix`.',
  }),
  REL_YAML_TIME_UNQUOTED: (p: { written: string }) => ({
    message: `Many tools read an unquoted ${p.written} as a number with the base 60.`,
    hint: `Write "${p.written}" in quotes; hours from … to … are written as 09:00..12:00.`,
  }),
  REL_YAML_VALUE_REWRITTEN: (p: { written: string; read: string }) => ({
    message: `YAML reads ${p.written} as the number ${p.read}.`,
    hint: `Write "${p.written}" in quotes if it is a string or a version, or ${p.read} if it is a number.`,
  }),
};

const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
const inQuotes = (text: string): string => (text.includes('"') ? `'${text}'` : `"${text}"`);
