const provision = { summary: 'A router', contract: 1, with: {}, open: async () => ({}) };

export default { name: 'old', contract: 1, provides: { 'traffic.router': { kong: provision } } };
