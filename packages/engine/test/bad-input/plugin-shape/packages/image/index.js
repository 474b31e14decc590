export default {
  name: 'Image',
  contract: 1,
  steps: {
    push: { summary: 'Pushes', with: {}, outputs: {}, onLost: 'probe', undo: 'automatic' },
    pull: { summary: 'Pulls', with: 'text', onLost: 'never', undo: 'nothing', run() {} },
  },
  metrics: { layers: { summary: 'Counts', with: {}, unit: 'layers', measure() {} } },
  composites: { roll: { summary: 'Rolls', with: {}, outputs: {} } },
};
