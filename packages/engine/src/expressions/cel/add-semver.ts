import type { Environment } from '@marcbachmann/cel-js';
import { SemverValue } from './semver-value.ts';

/** Versions with their parts and their order. */
export function addSemver(environment: Environment): void {
  const fields = { major: 'int', minor: 'int', patch: 'int', prerelease: 'string', bump: 'string' };
  environment.registerType('semver', { ctor: SemverValue, fields });
  environment.registerFunction('semver(string): semver', make);
  environment.registerFunction('string(semver): string', ({ text }: SemverValue) => text);
  const compare = (operator: string, answer: (order: number) => boolean) =>
    environment.registerOperator(`semver ${operator} semver: bool`, (a: SemverValue, b: SemverValue) => answer(a.compare(b)));
  compare('<', (order) => order < 0);
  compare('<=', (order) => order <= 0);
  compare('>', (order) => order > 0);
  compare('>=', (order) => order >= 0);
  compare('==', (order) => order === 0);
}

function make(text: string): SemverValue {
  const version = SemverValue.parse(text);
  if (!version) throw new Error(`"${text}" is not a semver`);
  return version;
}
