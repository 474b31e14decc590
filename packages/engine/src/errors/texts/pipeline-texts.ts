import { didYouMean, list } from './phrases.ts';
import { yamlTexts } from './yaml-texts.ts';

/** Errors about what the pipeline file says. */
export const pipelineTexts = {
  ...yamlTexts,
  REL_VERSION_MISSING: () => ({
    message: 'The file does not say which version of the language it is written in.',
    hint: 'Begin it with `relpipe: 1`.',
  }),
  REL_VERSION_UNKNOWN: (p: { found: string }) => ({
    message: `This relpipe understands version 1 of the language, not ${p.found}.`,
    hint: 'Write `relpipe: 1`, or use a newer relpipe.',
  }),
  REL_KEY_UNKNOWN: (p: { key: string; where: string; close: readonly string[]; known: readonly string[] }) => ({
    message: `"${p.key}" is not a key of ${p.where}.`,
    hint: didYouMean(p.close) ?? (p.known.length > 0 ? `Its keys are ${list(p.known)}.` : 'Remove it.'),
  }),
  REL_KEY_WITHOUT_VALUE: (p: { key: string; where: string }) => ({
    message: `"${p.key}" in ${p.where} is read as a key without a value.`,
    hint: 'If it belongs to the text before the comma, put that text in quotes.',
  }),
  REL_KEY_MISSING: (p: { key: string; where: string }) => ({
    message: `${capital(p.where)} has no "${p.key}".`,
    hint: `Add \`${p.key}:\`.`,
  }),
  REL_KEY_MISPLACED: (p: { key: string; where: string; belongs: string }) => ({
    message: `"${p.key}" means nothing in ${p.where}.`,
    hint: `It belongs to ${p.belongs}.`,
  }),
  REL_NOT_BUILT_YET: (p: { key: string }) => ({
    message: `"${p.key}" belongs to the language, and this version of relpipe does not do it yet.`,
    hint: 'Remove it, or use a newer relpipe; it is refused so that nobody relies on it.',
  }),
  REL_VALUE_WRONG: (p: { key: string; expected: string; found: string; close: readonly string[] }) => ({
    message: `${capital(p.key)} takes ${p.expected}; here is ${p.found}.`,
    hint: didYouMean(p.close) ?? `Write ${p.expected}.`,
  }),
  REL_SECRET_NEEDED: (p: { key: string }) => ({
    message: `"${p.key}" is a secret, and a secret never stands in the file.`,
    hint: `Declare it under \`secrets:\` and write ${p.key}: "\${{ secrets.NAME }}".`,
  }),
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
