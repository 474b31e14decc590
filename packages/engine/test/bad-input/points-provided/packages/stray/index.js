const provision = { summary: 'A router', contract: 2, with: {}, open: async () => ({}) };

export default { name: 'stray', contract: 1, provides: { 'traffic.ruoter': { kong: provision } } };
