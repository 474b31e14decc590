export default { name: 'image', contract: 1, steps: { push: { summary: 'Pushes', with: { type: 'mapping' }, outputs: {}, onLost: 'ask', rollback: 'nothing', run() {} } } };
