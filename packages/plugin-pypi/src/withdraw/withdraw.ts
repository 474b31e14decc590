import { defineComposite, quantity, secret, Type } from 'relpipe/plugin';
import { howToWithdrawOutputs } from './how-to-withdraw/how-to-withdraw-config.ts';
import { releaseOnIndexFields } from './release-on-index.ts';
import { withdrawnOutputs } from './withdrawn/withdrawn-config.ts';

/**
 * `pypi.withdraw`: takes a release back, by the API of its index or by asking a person, and in either case believes it only when the
 * index shows it.
 */
export const withdraw = defineComposite({
  summary: 'Withdraws a version: by the API of the index, else by a person who is asked to; then sees that it is so',
  with: Type.Object(
    {
      ...releaseOnIndexFields,
      reason: Type.String({ minLength: 1, description: 'Why; shown to whoever asks for this version' }),
      username: Type.Optional(Type.String({ minLength: 1, description: 'Default: what twine is configured with, else `__token__`' })),
      token: Type.Optional(secret('API token, or the password of `username`')),
      timeout: Type.Optional(quantity('duration', 'How long the index may take to show it; default 10m')),
    },
    { additionalProperties: false },
  ),
  outputs: Type.Object({ found: withdrawnOutputs.properties.found, page: howToWithdrawOutputs.properties.page }),

  unfold({ project, version, index, reason, username, token, timeout }, into) {
    const release = { project, version, ...(index !== undefined && { index }) };
    const login = { ...(username !== undefined && { username }), ...(token !== undefined && { token }) };
    const way = into.step('look', { uses: 'pypi.how-to-withdraw', outputs: howToWithdrawOutputs, with: { ...release, reason } });
    into.step('remove', { uses: 'pypi.remove', when: way.output('by-api'), with: { ...release, ...login } });
    into.approval('person', { ask: way.output('ask'), when: way.output('by-person') });
    const withdrawn = into.step('verify', {
      uses: 'pypi.withdrawn',
      outputs: withdrawnOutputs,
      with: { ...release, ...(timeout !== undefined && { timeout }) },
    });
    return { found: withdrawn.output('found'), page: way.output('page') };
  },
});
