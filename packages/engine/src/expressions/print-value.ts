import { isExpression, isSecretReference, isTemplate, type Value } from './value.ts';

/** A value of a plan for people: what only the run knows, and a secret, as the file writes it. */
export function printValue(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  if (isExpression(value)) return `\${{ ${value.$expr} }}`;
  if (isSecretReference(value)) return `\${{ secrets.${value.$secret} }}`;
  if (isTemplate(value)) return value.$text.map(printValue).join('');
  if (Array.isArray(value)) return value.map(printInside).join(' ');
  return Object.entries(value)
    .map(([name, inner]) => `${name}=${printInside(inner)}`)
    .join(', ');
}

const printInside = (value: Value): string => (isMapping(value) ? `{${printValue(value)}}` : printValue(value));

const isMapping = (value: Value): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExpression(value) && !isSecretReference(value) && !isTemplate(value);

/** A prepared command with the values of its expressions in place of the variables that pass them to the shell. */
export function printCommand(command: Value, variables: Value | undefined): string {
  const values = typeof variables === 'object' && variables !== null ? (variables as Readonly<Record<string, Value>>) : {};
  return printValue(command).replaceAll(/"\$\{(RELPIPE\w*_\d+)\}"|\$\{(RELPIPE\w*_\d+)\}/g, (written, quoted?: string, bare?: string) => {
    const name = quoted ?? bare ?? '';
    return Object.hasOwn(values, name) ? printValue(values[name] ?? '') : written;
  });
}
