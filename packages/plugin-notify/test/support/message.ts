import type { Message } from 'relpipe/plugin';

/** What a channel is told when somebody is asked. */
export const waiting: Message = {
  event: 'waiting',
  id: 'r1/4',
  run: 'r1',
  pipeline: 'shop',
  inputs: { version: '1.4.0' },
  at: '2026-12-01T09:00:00.000Z',
  text: 'shop 1.4.0 approve/go: waiting for approval (ann): Go on?',
  step: 'approve/go',
  stage: 'approve',
  question: { kind: 'approve', text: 'Go on?', people: ['ann'] },
};
