const provision = { summary: 'A router', contract: 1, with: {}, open: async () => ({}) };

export default { name: 'lost', contract: 1, provides: { 'mesh.gateway': { istio: provision } } };
