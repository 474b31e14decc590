import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isStepError, StepError, Type, type Static } from 'relpipe/plugin';
import { messageOf } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import type { RulesConfig } from './rules.ts';

const rule = Type.Object({ alert: Type.Optional(Type.String()), record: Type.Optional(Type.String()) });
const ruleFile = Type.Object({ groups: Type.Array(Type.Object({ name: Type.String(), rules: Type.Optional(Type.Array(rule)) })) });
export type RuleGroup = Static<typeof ruleFile>['groups'][number];

interface Rules {
  readonly text: string;
  readonly groups: readonly RuleGroup[];
}

/**
 * The rules of a configuration as the text of a rule file.
 * @throws {StepError} `PROMETHEUS_RULES_INVALID`
 */
export async function readRules({ groups, from }: RulesConfig, workdir: string): Promise<Rules> {
  // JSON is YAML, and the comments of the pipeline file are gone at this point.
  if (from === undefined) return parseRules(`${JSON.stringify({ groups }, null, 2)}\n`, '`groups`');
  const path = resolve(workdir, from);
  try {
    return parseRules(await readFile(path, 'utf8'), path);
  } catch (error) {
    throw isStepError(error) ? error : invalid(path, error);
  }
}

/** The text of a rule file with its groups. @throws {StepError} `PROMETHEUS_RULES_INVALID` */
export function parseRules(text: string, where: string): Rules {
  const read: unknown = parse(text);
  if (!Value.Check(ruleFile, read)) throw invalid(where, 'it has no `groups` with names and rules');
  return { text, groups: read.groups };
}

const invalid = (where: string, why: unknown) =>
  new StepError('PROMETHEUS_RULES_INVALID', `${where} is not a valid rule file: ${messageOf(why)}.`, {
    hint: 'Check it with `promtool check rules`.',
  });
