import { Type } from 'relpipe/plugin';

/** How the fields that most step types share are written. */
export const projectField = Type.String({
  pattern: '^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$',
  description: 'Name of the project, in any spelling of PEP 503',
});
export const versionField = Type.String({ minLength: 1, description: 'In any spelling of PEP 440' });
export const sha256Field = Type.String({ pattern: '^[0-9a-fA-F]{64}$' });
export const indexField = Type.String({
  description: 'Simple API, or `pypi` or `testpypi`; default: the index pip is configured for, else https://pypi.org/simple',
});
