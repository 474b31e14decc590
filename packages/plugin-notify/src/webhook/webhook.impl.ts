import { isFullyKnown, StepError, type Finding, type Message, type PlannedConfig, type Secret, type SendContext } from 'relpipe/plugin';
import { fetchAnswer, findingFrom, isTransient, revealHeaders, wasNotSent, type HttpAnswer } from 'relpipe/plugin/toolkit';
import { signed } from './signature.ts';
import type { WebhookConfig, WebhookSchema } from './webhook.ts';

/** Nothing is sent before the run: a receiver would take it for a message. */
export async function verify(config: PlannedConfig<WebhookSchema>): Promise<readonly Finding[]> {
  if (!isFullyKnown<WebhookSchema>(config) || typeof config.url !== 'string') return [];
  try {
    addressOf(config.url);
    return [];
  } catch (error) {
    return [{ ...findingFrom(error), at: ['url'] }];
  }
}

const defaultTimeoutMs = 5_000;

export async function send(config: WebhookConfig, message: Message, context: SendContext): Promise<void> {
  const { url, secret, headers, timeout: timeoutMs = defaultTimeoutMs } = config;
  const address = addressOf(textOf(url));
  const body = JSON.stringify(message);
  const id = context.idempotencyKey;
  const answer = await fetchAnswer(
    address.href,
    {
      method: 'POST',
      timeoutMs,
      body,
      headers: {
        'content-type': 'application/json',
        'idempotency-key': id,
        ...signed(body, { id, at: context.clock.now(), secret: secret?.reveal() }),
        ...revealHeaders(headers),
      },
      unreachable: (why, cause) => notSent(address, why, cause),
    },
    context,
  );
  if (answer.status < 200 || answer.status > 299) throw refused(address, answer);
}

const textOf = (text: string | Secret): string => (typeof text === 'string' ? text : text.reveal());

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  // It is not shown: the address of a webhook is often a secret itself.
  throw new StepError('NOTIFY_URL_INVALID', 'The URL of the webhook is not a valid address.', { hint: 'Write it with http:// or https://.' });
}

/** Only where no connection was made is it certain that the message did not arrive; otherwise this throws what nobody can know. */
function notSent({ host }: URL, why: string, cause: unknown): StepError {
  if (!wasNotSent(cause)) throw new Error(`The answer of ${host} did not come: ${why}.`, { cause });
  return new StepError('NOTIFY_UNREACHABLE', `Could not reach ${host}: ${why}.`, { retryable: true, cause });
}

/** A status that says no. After 504 a proxy does not know either. */
function refused({ host }: URL, { status, text }: HttpAnswer): Error {
  const said = text.trim().slice(0, 200);
  const message = `${host} answered ${String(status)}${said === '' ? '' : `: ${said}`}.`;
  if (status === 504) return new Error(message);
  return new StepError('NOTIFY_REFUSED', message, {
    retryable: isTransient(status) || status === 425,
    hint: 'See what the receiver expects; it gets the message as JSON with POST.',
  });
}
