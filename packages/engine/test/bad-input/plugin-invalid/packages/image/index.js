export default {
  name: 'Image',
  contract: 1,
  steps: {
    push: { summary: 'Pushes', with: {}, outputs: {}, onLost: 'probe', rollback: {} },
    pull: { summary: 'Pulls', with: 'text', onLost: 'never', rollback: 'nothing', run() {} },
    keep: { summary: 'Keeps', with: {}, outputs: {}, onLost: 'retry', rollback: 'nothing', run() {}, teardown() {} },
    hold: { summary: 'Holds', with: {}, outputs: {}, onLost: 'retry', rollback: 'nothing', run() {}, teardown: { scope: 'job' } },
    withdraw: { summary: 'Withdraws', with: {}, outputs: {}, onLost: 'retry', run() {}, rollback: { instruct() {} } },
  },
  metrics: { layers: { summary: 'Counts', with: {}, unit: 'layers', measure() {} } },
  composites: { roll: { summary: 'Rolls', with: {}, outputs: { type: 'object', properties: { image: { type: 'string' }, previous: undefined } } } },
  points: { store: { summary: 'Where images are kept', elsewhere: { s3: 1 } }, scanner: 'text' },
  provides: {
    'image.store': { s3: { summary: 'S3', with: { 'x-relpipe': 'point', point: 'image.scanner' } }, Disk: {} },
    'image.scanner': 'trivy',
  },
};
