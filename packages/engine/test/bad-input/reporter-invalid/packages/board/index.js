export default {
  name: 'board',
  contract: 1,
  reporters: { post: { with: 'text', verify: true }, 'Tell-All': { summary: 'Tells', with: {}, report() {} }, none: 7 },
};
