/** Errors about the file as YAML, before anything in it has a meaning. */
export const yamlTexts = {
  REL_FILE_MISSING: (p: { file: string }) => ({
    message: `There is no file ${p.file}.`,
    hint: 'Name the pipeline file, or change to the folder that holds release.pipeline.yaml.',
  }),
  REL_FILE_IS_FOLDER: (p: { file: string }) => ({
    message: `${p.file} is a folder.`,
    hint: 'Name the pipeline file inside it, e.g. release.pipeline.yaml.',
  }),
  REL_FILE_UNREADABLE: (p: { file: string; because: string }) => ({
    message: `${p.file} cannot be read (${p.because}).`,
    hint: 'Check the permissions of the file and of its folder.',
  }),
  REL_FILE_NOT_UTF8: (p: { file: string; because: string }) => ({
    message: `${p.file} is not a UTF-8 text: ${p.because}.`,
    hint: 'Save the file as UTF-8.',
  }),
  REL_FILE_EMPTY: () => ({
    message: 'The file has nothing in it.',
    hint: 'Begin with `relpipe: 1`, `name:` and `stages:`; the guide builds one step by step.',
  }),
  REL_FILE_NOT_MAPPING: (p: { found: string }) => ({
    message: `A pipeline is a mapping of keys to values; this file is ${p.found}.`,
    hint: 'Begin with `relpipe: 1`, each key at the start of its line and followed by a colon.',
  }),
  REL_YAML_SYNTAX: (p: { what: string; hint?: string }) => ({
    message: `This is not YAML: ${p.what}.`,
    hint: p.hint ?? 'Check the indentation, colons and quotes here and in the line above.',
  }),
  REL_YAML_TAB: () => ({
    message: 'A tab stands where YAML takes only spaces.',
    hint: 'Indent with spaces.',
  }),
  REL_YAML_NEEDS_QUOTES: (p: { text: string; because: string; isWhole: boolean }) => ({
    message: `The text "${shortened(p.text)}" is not quoted, and ${p.because}.`,
    hint: `Put the whole text in quotes: ${inQuotes(p.isWhole ? shortened(p.text) : `${shortened(p.text).replace(/…$/, '')}…`)}.`,
  }),
  REL_YAML_ESCAPE_INVALID: (p: { escape: string }) => ({
    message: `"${p.escape}" means nothing inside double quotes.`,
    hint: 'Use single quotes, where a backslash is a backslash, or write it twice.',
  }),
  REL_YAML_QUOTE_UNCLOSED: (p: { quote: string }) => ({
    message: `A text that begins with ${p.quote} has no closing ${p.quote}.`,
    hint: `Close the text with ${p.quote}.`,
  }),
  REL_YAML_BRACKET_UNCLOSED: (p: { bracket: string }) => ({
    message: `Nothing closes this ${p.bracket}.`,
    hint: `Close it with ${p.bracket === '{' ? '}' : ']'}, or put the text in quotes if the bracket belongs to it.`,
  }),
  REL_YAML_BRACKET_UNMATCHED: (p: { bracket: string }) => ({
    message: `This ${p.bracket} closes nothing.`,
    hint: 'Remove it, or put the whole text in quotes if the bracket belongs to it.',
  }),
  REL_YAML_COLON_SPACE: (p: { key: string; value: string }) => ({
    message: `"${p.key}:${p.value}" is one word to YAML: a colon makes a key only with a space behind it.`,
    hint: `Write ${p.key}: ${p.value}`,
  }),
  REL_YAML_DUPLICATE_KEY: (p: { key: string }) => ({
    message: `The key "${p.key}" stands twice in the same mapping.`,
    hint: 'Keep one of the two, or give one another name.',
  }),
  REL_YAML_MULTIPLE_DOCUMENTS: () => ({
    message: 'A second document begins here; a pipeline file has one.',
    hint: 'Move what follows `---` into a file of its own.',
  }),
  REL_YAML_TAG_UNSUPPORTED: (p: { tag: string }) => ({
    message: `YAML takes ${p.tag} for a tag, and the value would not be the text that is written here.`,
    hint: 'Put the text in quotes; tags are not used in a pipeline.',
  }),
  REL_YAML_ALIAS_UNKNOWN: (p: { name: string }) => ({
    message: `YAML takes *${p.name} for a reference, and no earlier &${p.name} exists.`,
    hint: 'Put the text in quotes if the asterisk belongs to it.',
  }),
  REL_YAML_ALIAS_CYCLE: (p: { name: string }) => ({
    message: `*${p.name} stands inside of &${p.name}, so that what it means would never end.`,
    hint: 'Write out what is meant here.',
  }),
  REL_YAML_MERGE_KEY: () => ({
    message: '`<<` merges mappings in YAML 1.1; a pipeline is YAML 1.2, where it is a key like any other.',
    hint: 'Write the keys out; what several steps share may stand under `defaults:` or in a `matrix`.',
  }),
  REL_YAML_ALIAS_BOMB: () => ({
    message: 'The references (*name) in this file multiply to more than 100 copies.',
    hint: 'Write out what is meant, or use a `matrix`.',
  }),
  REL_YAML_VALUE_REWRITTEN: (p: { written: string; read: string }) => ({
    message: `YAML reads ${p.written} as the number ${p.read}.`,
    hint: `Write "${p.written}" in quotes if it is a text or a version, or ${p.read} if it is a number.`,
  }),
};

const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
const inQuotes = (text: string): string => (text.includes('"') ? `'${text}'` : `"${text}"`);
