import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { StepError } from 'relpipe/plugin';
import { shellWord, whyUnreachable } from 'relpipe/plugin/toolkit';

export type RuntimeAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** HAProxy's Runtime API: it takes one line, and closes the connection after its answer. Source: HAProxy management guide, section 9.3. */
export class RuntimeApi {
  readonly name: string;
  readonly #address: RuntimeAddress;
  readonly #signal: AbortSignal;

  constructor(address: RuntimeAddress, signal: AbortSignal) {
    this.name = 'path' in address ? address.path : `${address.host}:${address.port}`;
    this.#address = address;
    this.#signal = signal;
  }

  /** @throws {StepError} `TRAFFIC_HAPROXY_NOT_REACHED`, `TRAFFIC_HAPROXY_REFUSED` when it does not allow the command */
  async ask(command: string): Promise<string> {
    const answer = await this.#send(command);
    if (/^(Permission denied|Unknown command)/.test(answer.trim())) throw refused(this.name, command, answer.trim());
    return answer;
  }

  /** Commands that print nothing when they succeed, in one line: HAProxy executes them without a pause. @throws {StepError} as `ask` */
  async execute(commands: readonly string[]): Promise<void> {
    const answer = (await this.#send(commands.join('; '))).trim();
    if (answer !== '') throw refused(this.name, commands.join('; '), answer);
  }

  /** `execute` from a shell. */
  manualCommand(commands: readonly string[]): string {
    const address = 'path' in this.#address ? this.#address.path : `TCP:${this.name}`;
    return `echo ${shellWord(commands.join('; '))} | socat stdio ${shellWord(address)}`;
  }

  async #send(line: string): Promise<string> {
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(answersWithinMs)]);
    const socket = connect(this.#address);
    const abort = () => socket.destroy(new Error(`no answer within ${answersWithinMs} ms`));
    signal.addEventListener('abort', abort, { once: true });
    try {
      socket.write(`${line}\n`);
      return await text(socket);
    } catch (error) {
      this.#signal.throwIfAborted();
      throw notReached(this.name, error);
    } finally {
      signal.removeEventListener('abort', abort);
      socket.destroy();
    }
  }
}

const answersWithinMs = 5000;

const notReached = (name: string, cause: unknown) =>
  new StepError('TRAFFIC_HAPROXY_NOT_REACHED', `HAProxy does not answer at ${name}: ${whyUnreachable(cause)}.`, {
    hint: 'Check that HAProxy is running, and that its configuration has this `stats socket`.',
    retryable: true,
    cause,
  });

const refused = (name: string, command: string, answer: string) =>
  new StepError('TRAFFIC_HAPROXY_REFUSED', `HAProxy at ${name} refused "${command}": ${answer.replaceAll(/\s+/g, ' ')}`, {
    hint: answer.startsWith('Permission denied')
      ? 'Configure the `stats socket` with the level admin.'
      : 'Correct what HAProxy reports, then run the release again.',
  });
