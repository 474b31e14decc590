import type { Diagnostic } from '../../errors/diagnostic.ts';
import type { Failure } from '../../run/core/failure.ts';

/** Workflow commands of GitHub Actions: `::error file=…,title=…::message`, escaped as its toolkit does. */
export const githubCommands = {
  group: (title: string): string => `::group::${inMessage(title)}`,
  endGroup: (): string => '::endgroup::',
  error: (file: string, title: string, failure: Failure): string =>
    `::error file=${inProperty(file)},title=${inProperty(title)}::${inMessage(withHint(failure))}`,
  /** `file` as the annotation names it: from the root of the repository. */
  finding: (file: string | undefined, finding: Diagnostic): string => {
    const { severity, code, at } = finding;
    const place = at && file !== undefined ? `file=${inProperty(file)},line=${at.line},col=${at.column},` : '';
    return `::${severity} ${place}title=${inProperty(code)}::${inMessage(withHint(finding))}`;
  },
  warning: (title: string, message: string): string => `::warning title=${inProperty(title)}::${inMessage(message)}`,
};

/** A line of a step that the runner must not take for a command of ours. */
export const notACommand = (line: string): string => line.replace(/##\[/g, '## [').replace(/^(\s*)::/, '$1: :');

const withHint = ({ code, message, hint }: Pick<Failure, 'code' | 'message' | 'hint'>): string =>
  `${code}: ${message}${hint === undefined ? '' : `\n${hint}`}`;

const inMessage = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const inProperty = (text: string): string => inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
