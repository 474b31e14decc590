import type { Failure } from '../../run/core/failure.ts';

/** Workflow commands of GitHub Actions: `::error file=…,title=…::message`, escaped as its toolkit does. */
export const githubCommands = {
  group: (title: string): string => `::group::${inMessage(title)}`,
  endGroup: (): string => '::endgroup::',
  error: (file: string, title: string, failure: Failure): string =>
    `::error file=${inProperty(file)},title=${inProperty(title)}::${inMessage(withHint(failure))}`,
  warning: (title: string, message: string): string => `::warning title=${inProperty(title)}::${inMessage(message)}`,
};

/** A line of a step that the runner must not take for a command of ours. */
export const notACommand = (line: string): string => line.replace(/##\[/g, '## [').replace(/^(\s*)::/, '$1: :');

const withHint = ({ code, message, hint }: Failure): string =>
  `${code}: ${message}${hint === undefined ? '' : `\n${hint}`}`;

const inMessage = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const inProperty = (text: string): string => inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
