import { defineComposite, quantity, Type } from 'relpipe/plugin';
import { releaseOnIndexFields, removalLoginFields } from '../names/release-fields.ts';
import { howToWithdrawConfig, howToWithdrawOutputs } from './how-to-withdraw.ts';
import { withdrawnOutputs } from './withdrawn.ts';

/** `pypi.withdraw`: withdraws a release by the API of its index or by asking a person; either way, the index has to show it. */
export const withdraw = defineComposite({
  summary: 'Withdraws a version: by the API of the index, else by asking a person; then verifies it on the index',
  with: Type.Object(
    {
      ...releaseOnIndexFields,
      ...removalLoginFields,
      reason: howToWithdrawConfig.properties.reason,
      timeout: Type.Optional(quantity('duration', 'How long the index may take to show it; default 10m')),
    },
    { additionalProperties: false },
  ),
  outputs: Type.Object({ found: withdrawnOutputs.properties.found, page: howToWithdrawOutputs.properties.page }),

  unfold({ project, version, index, reason, username, token, timeout }, into) {
    const release = { project, version, ...(index !== undefined && { index }) };
    const login = { ...(username !== undefined && { username }), ...(token !== undefined && { token }) };
    const how = into.step('how', { uses: 'pypi.how-to-withdraw', outputs: howToWithdrawOutputs, with: { ...release, reason } });
    into.step('remove', { uses: 'pypi.remove', when: how.output('by-api'), with: { ...release, ...login } });
    into.approval('person', { question: how.output('ask'), when: how.output('by-person') });
    const withdrawn = into.step('verify', {
      uses: 'pypi.withdrawn',
      outputs: withdrawnOutputs,
      with: { ...release, ...(timeout !== undefined && { timeout }) },
    });
    return { found: withdrawn.output('found'), page: how.output('page') };
  },
});
