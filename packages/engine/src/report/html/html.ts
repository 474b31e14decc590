/** Text that is HTML already. Only `html` makes it, from literals and escaped values. */
export interface Html {
  readonly markup: string;
}

export type HtmlValue = Html | string | number | false | undefined | readonly HtmlValue[];

/**
 * A template whose values are escaped, unless they are `Html` themselves; lists are joined, `false` and `undefined` are nothing. A line
 * break with its indentation is nothing beside a tag or a value, and a space elsewhere: templates are laid out for readers of the code.
 */
export const html = (literals: TemplateStringsArray, ...values: readonly HtmlValue[]): Html => ({
  markup: literals.map(withoutLayout).reduce((all, literal, n) => all + markupOf(values[n - 1]) + literal),
});

const withoutLayout = (literal: string): string =>
  literal.replace(/(^|>)\n\s*|\n\s*(?=<|$)/g, '$1').replace(/\n\s*/g, ' ');

/** Markup from a constant of this package; never from anything that was read. */
export const constantMarkup = (markup: string): Html => ({ markup });

/** JSON inside `<script type="application/json">`, which nothing inside can end. */
export const jsonMarkup = (value: unknown): Html => ({
  markup: visible(JSON.stringify(value)).replaceAll('<', String.raw`\u003c`),
});

function markupOf(value: HtmlValue): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'number') return String(Math.round(value * 100) / 100);
  if (typeof value === 'string') return escaped(value);
  return 'markup' in value ? value.markup : value.map(markupOf).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');

/** Control characters and marks that turn the direction of text around could hide what is written. */
const visible = (text: string): string =>
  text.toWellFormed().replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '�');

/** The anchor of a step's row. Keys are unique, and so are these. */
export const rowId = (key: string): string => `step-${encodeURIComponent(key)}`;
