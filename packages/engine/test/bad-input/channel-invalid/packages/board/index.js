export default {
  name: 'board',
  contract: 1,
  channels: {
    post: { with: 'text', verify: true },
    both: { summary: 'Sends and keeps', with: {}, send() {}, update() {} },
    sends: { summary: 'Sends', with: {}, send: 'a text', recognizesRepetition: true },
    'Tell-All': { summary: 'Tells', with: {}, send() {} },
    none: 7,
  },
};
