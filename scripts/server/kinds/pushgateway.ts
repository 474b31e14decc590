import type { ServerKind } from '../component.ts';
import { answersOk } from '../run/answers-ok.ts';

export const pushgateway: ServerKind = {
  ports: ['http'],
  prepare({ port }) {
    const host = `127.0.0.1:${port('http')}`;
    return {
      arguments: [`--web.listen-address=${host}`, '--web.enable-admin-api'],
      url: `http://${host}`,
      settings: { host },
      answers: () => answersOk(`http://${host}/-/ready`),
    };
  },
};
