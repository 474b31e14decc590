const provision = { summary: 'A router', contract: 2, with: {}, open: async () => ({}) };

export default { name: 'second', contract: 1, provides: { 'traffic.router': { nginx: provision } } };
