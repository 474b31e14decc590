import type { Json } from '../../contract/index.ts';
import type { TypeName } from '../../expressions/scope.ts';
import { parseQuantity, printQuantity } from '../../expressions/quantities/quantity.ts';
import { parseValues } from './parse-values.ts';
import { refusedStep } from './refused-step.ts';

export type DeclaredOutputs = Readonly<Record<string, TypeName>>;

/** What the command gave, as its declared types say, in canonical form. Every name is declared, and every declared name is there. */
export async function readOutput(declared: DeclaredOutputs, text: string): Promise<Readonly<Record<string, Json>>> {
  return readValues(declared, parseValues(text, 'RELPIPE_OUTPUT'));
}

/** The same for values that are taken apart already. */
export async function readValues(declared: DeclaredOutputs, given: Readonly<Record<string, string>>): Promise<Readonly<Record<string, Json>>> {
  const names = Object.keys(declared);
  const stranger = Object.keys(given).find((name) => !names.includes(name));
  if (stranger !== undefined) throw refusedStep('REL_OUTPUT_UNDECLARED', { name: stranger, declared: names });

  const output: Record<string, Json> = {};
  for (const [name, type] of Object.entries(declared)) {
    const value = given[name];
    if (value === undefined) throw refusedStep('REL_OUTPUT_MISSING', { name });
    const read = await readTyped(type, value.trim(), value);
    if (read === undefined) throw refusedStep('REL_OUTPUT_TYPE_MISMATCH', { name, type, text: value });
    output[name] = read;
  }
  return output;
}

/** The value in canonical form, or undefined when it is not of its type. */
async function readTyped(type: TypeName, text: string, raw: string): Promise<Json | undefined> {
  switch (type) {
    case 'string':
    case 'choice':
    case 'path':
      return raw;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'number':
      return readNumber(text);
    case 'integer':
      return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
    case 'semver':
      return (await import('semver')).default.valid(text) ?? undefined;
    case 'list':
    case 'map':
      return readJson(text, type);
    default: {
      const quantity = parseQuantity(type, text);
      return quantity.ok ? printQuantity(type, quantity.value) : undefined;
    }
  }
}

const readNumber = (text: string): number | undefined =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined;

function readJson(text: string, type: 'list' | 'map'): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null && Array.isArray(value) === (type === 'list') ? value : undefined;
  } catch {
    return undefined;
  }
}
