import { defineChannel, headers, quantity, secret, Type, type Static } from 'relpipe/plugin';

const webhookConfig = Type.Object(
  {
    url: Type.Union([secret('A secret'), Type.String({ minLength: 1 })], { description: 'Where the message is sent, with POST; it may be a secret' }),
    headers: Type.Optional(headers('Sent with every message, e.g. Authorization')),
    secret: Type.Optional(secret('Signs every message, by https://www.standardwebhooks.com')),
    deduplicates: Type.Optional(
      Type.Boolean({
        description: 'The receiver drops a message whose `Idempotency-Key` it has seen: then one that may have arrived is sent again. Default: false',
      }),
    ),
    timeout: Type.Optional(quantity('duration', 'For the answer of the receiver; default 5s', { minimum: 1, maximum: 9_000 })),
  },
  { additionalProperties: false },
);
export type WebhookConfig = Static<typeof webhookConfig>;
export type WebhookSchema = typeof webhookConfig;

// Loaded when first called: reading a pipeline file needs none of it.
const impl = () => import('./webhook.impl.ts');

/** `notify.webhook`: one request for each event. */
export const webhook = defineChannel({
  summary: 'Sends each message as JSON to a URL, signed if you want',
  with: webhookConfig,
  recognizesRepetition: ({ deduplicates }) => deduplicates === true,
  verify: async (config) => (await impl()).verify(config),
  send: async (config, message, context) => (await impl()).send(config, message, context),
});
