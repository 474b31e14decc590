export default {
  name: 'board',
  contract: 1,
  channels: {
    post: {
      summary: 'Posts',
      with: { type: 'object', properties: { url: { type: 'string' }, token: { type: 'string', 'x-relpipe': 'secret' } }, required: ['url'], additionalProperties: false },
      send: async () => undefined,
    },
  },
};
