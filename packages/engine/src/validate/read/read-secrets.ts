import type { Json } from '../../contract/index.ts';
import { entriesOf } from '../../load/raw-pipeline.ts';
import { isEnvironmentName } from '../../util/environment-name.ts';
import { secretShape } from '../shapes/pipeline-shape.ts';
import type { SecretDeclaration } from '../valid-pipeline.ts';
import type { ValidationContext } from '../validation-context.ts';
import { readString } from './read-string.ts';

export function readSecrets(secrets: Json | undefined, context: ValidationContext): SecretDeclaration[] {
  return entriesOf(secrets).map(([name, secret]) => {
    const path = ['secrets', name];
    const at = context.raw.placeOfKey(path);
    if (!isEnvironmentName(name)) context.report('REL_SECRET_NAME_INVALID', { name }, at);
    if (!context.fits(secretShape, secret, path, `secret "${name}"`)) return { name, required: true, at };
    const { required = true, from } = secret;
    const variable = from === undefined ? undefined : readString(from, [...path, 'from'], context.scope.whenPlanned(), context, 'string');
    if (typeof variable === 'string' && !isEnvironmentName(variable)) context.report('REL_SECRET_NAME_INVALID', { name: variable }, [...path, 'from']);
    return { name, required, at, ...(variable !== undefined && { from: variable }) };
  });
}
