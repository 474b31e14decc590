const mapping = (properties, required) => ({ type: 'object', properties, required, additionalProperties: false });
const point = (name) => ({ type: 'object', 'x-relpipe': 'point', point: name });
const text = { type: 'string' };
const step = (properties) => ({
  summary: 'Acts',
  with: mapping(properties, Object.keys(properties)),
  outputs: {},
  onLost: 'retry',
  rollback: 'nothing',
  run: async () => ({}),
});
const open = async () => ({});

export default {
  name: 'traffic',
  contract: 1,
  steps: { shift: step({ router: point('traffic.router') }), mirror: step({ tap: point('traffic.tap') }) },
  points: {
    router: { summary: 'What divides the traffic', contract: 1, elsewhere: { kong: '@relpipe/router-kong' } },
    tap: { summary: 'What gets a copy', contract: 1 },
  },
  provides: {
    'traffic.router': {
      embedded: { summary: 'Ours', contract: 1, with: mapping({ state: text, token: { type: 'string', 'x-relpipe': 'secret' } }, ['state']), open },
      nginx: { summary: 'nginx', contract: 1, with: mapping({ file: text, settle: { type: 'string', 'x-relpipe': 'duration' } }, ['file']), open },
    },
  },
};
