import { closestNames } from '../../util/closest-names.ts';
import { roots } from '../names-in.ts';
import { type Span, type TextFinding, textFinding } from '../text-finding.ts';

/** What GitHub Actions and GitLab call otherwise. */
const calledElsewhere: Readonly<Record<string, string>> = {
  env: 'A command reads its environment as the shell does: $NAME, set under `env:`.',
  github: 'What a run is told from outside is an input: inputs.NAME, given with --input NAME=VALUE.',
  jobs: 'What another step gave is steps.ID.outputs.NAME.',
  needs: 'What another step gave is steps.ID.outputs.NAME.',
  params: 'What a run is told from outside is inputs.NAME.',
  vars: 'What a run is told from outside is inputs.NAME.',
};

/** A name that begins with nothing an expression can read from. */
export function unknownName(name: string, span: Span): TextFinding {
  const finding = textFinding('REL_NAME_UNKNOWN', { what: 'name', name, close: closestNames(name, roots), known: roots }, span);
  const hint = Object.hasOwn(calledElsewhere, name) ? calledElsewhere[name] : undefined;
  return hint === undefined ? finding : { ...finding, hint };
}
