const nginx = {
  summary: 'nginx',
  contract: 2,
  with: { type: 'object', properties: { file: { type: 'string' } }, additionalProperties: false },
  open: async () => ({}),
};
const shift = {
  summary: 'Shifts',
  with: { type: 'object', properties: { router: { type: 'object', 'x-relpipe': 'point', point: 'traffic.router' } } },
  outputs: {},
  onLost: 'retry',
  rollback: 'nothing',
  run: async () => ({}),
};

export default {
  name: 'traffic',
  contract: 1,
  steps: { shift },
  points: { router: { summary: 'What divides the traffic', contract: 2 } },
  provides: { 'traffic.router': { nginx } },
};
