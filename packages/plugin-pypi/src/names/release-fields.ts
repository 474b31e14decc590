import { quantity, secret, Type } from 'relpipe/plugin';

/** The fields that several step types share, so that they mean the same everywhere. */
export const projectField = Type.String({
  pattern: '^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$',
  description: 'Name of the project, in any spelling (PEP 503)',
});
export const versionField = Type.String({ minLength: 1, description: 'Version, in any spelling (PEP 440)' });
export const indexField = Type.String({
  description: 'URL of a Simple API, or `pypi` or `testpypi`; default: the index that pip is configured for, else https://pypi.org/simple',
});

/** For step types that act on one release on an index. */
export const releaseOnIndexFields = { project: projectField, version: versionField, index: Type.Optional(indexField) };

export const filesField = (description: string) =>
  Type.Record(Type.String(), Type.String({ pattern: '^[0-9a-fA-F]{64}$' }), { description });
export const listedFilesField = Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()]), {
  description: 'File name to sha256 of the files of the version; null where the index provides no hash',
});

export const pythonField = Type.String({ minLength: 1, description: 'Python interpreter; default `python3`, else `python`' });

export const pollField = quantity('duration', 'First pause between two requests, doubled each time up to 30s; default 2s');

/** The login with which a release is deleted. */
export const removalLoginFields = {
  username: Type.Optional(Type.String({ minLength: 1, description: 'Default: the user that twine is configured with, else `__token__`' })),
  token: Type.Optional(secret('API token, or the password of `username`')),
};
