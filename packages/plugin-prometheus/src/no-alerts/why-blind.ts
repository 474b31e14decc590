import type { Matcher } from '../selector/selector.ts';
import type { AlertRule } from './alert-rules.ts';

/** Why "no alert fires" says nothing: no rule could have made one, or one of those that could does not work. */
export function whyBlind(rules: readonly AlertRule[], matchers: readonly Matcher[]): string | undefined {
  const meant = rules.filter((rule) => mayMake(rule, matchers));
  if (meant.length === 0) {
    return rules.length === 0
      ? 'The server has no alerting rules, so no alert could fire.'
      : 'None of the alerting rules of the server makes such alerts.';
  }
  const broken = meant.find(({ health }) => health !== 'ok');
  if (broken?.health === 'unknown') return `The rule ${broken.name} has not been evaluated yet.`;
  return broken && `The rule ${broken.name} cannot be evaluated: ${broken.lastError ?? broken.health}`;
}

/** Labels that a rule does not set, or sets by a template, may come from its series. */
const mayMake = ({ name, labels = {} }: AlertRule, matchers: readonly Matcher[]): boolean =>
  matchers.every(({ label, matches }) => {
    const set = label === 'alertname' ? name : labels[label];
    return set === undefined || set.includes('{{') || matches(set);
  });
