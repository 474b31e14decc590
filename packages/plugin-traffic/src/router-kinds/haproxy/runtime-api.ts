import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { StepError } from 'relpipe/plugin';
import { whyUnreachable } from 'relpipe/plugin/toolkit';
import { shellWord } from '../../sides/shell-word.ts';

export type RuntimePlace = { readonly path: string } | { readonly host: string; readonly port: number };

/** HAProxy's Runtime API: one line goes in, the answer ends with the connection. Source: HAProxy management guide, section 9.3. */
export class RuntimeApi {
  readonly name: string;
  readonly #place: RuntimePlace;
  readonly #signal: AbortSignal;

  constructor(place: RuntimePlace, signal: AbortSignal) {
    this.name = 'path' in place ? place.path : `${place.host}:${place.port}`;
    this.#place = place;
    this.#signal = signal;
  }

  /** @throws {StepError} `TRAFFIC_HAPROXY_NOT_REACHED`, `TRAFFIC_HAPROXY_REFUSED` when it may not be asked that */
  async ask(command: string): Promise<string> {
    const answer = await this.#send(command);
    if (/^(Permission denied|Unknown command)/.test(answer.trim())) throw refused(this.name, command, answer.trim());
    return answer;
  }

  /** Commands that say nothing when they succeed, in one line: HAProxy carries them out one right after the other. @throws {StepError} as `ask` */
  async order(commands: readonly string[]): Promise<void> {
    const answer = (await this.#send(commands.join('; '))).trim();
    if (answer !== '') throw refused(this.name, commands.join('; '), answer);
  }

  /** The same from a shell. */
  byHand(commands: readonly string[]): string {
    const place = 'path' in this.#place ? this.#place.path : `TCP:${this.name}`;
    return `echo ${shellWord(commands.join('; '))} | socat stdio ${shellWord(place)}`;
  }

  async #send(line: string): Promise<string> {
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(answersWithinMs)]);
    const socket = connect(this.#place);
    const end = () => socket.destroy(new Error(`no answer within ${answersWithinMs} ms`));
    signal.addEventListener('abort', end, { once: true });
    try {
      socket.write(`${line}\n`);
      return await text(socket);
    } catch (error) {
      this.#signal.throwIfAborted();
      throw notReached(this.name, error);
    } finally {
      signal.removeEventListener('abort', end);
      socket.destroy();
    }
  }
}

const answersWithinMs = 5000;

const notReached = (name: string, cause: unknown) =>
  new StepError('TRAFFIC_HAPROXY_NOT_REACHED', `HAProxy does not answer at ${name}: ${whyUnreachable(cause)}.`, {
    hint: 'See whether HAProxy runs, and whether its configuration has this `stats socket`.',
    retryable: true,
    cause,
  });

const refused = (name: string, command: string, answer: string) =>
  new StepError('TRAFFIC_HAPROXY_REFUSED', `HAProxy at ${name} did not do "${command}": ${answer.replaceAll(/\s+/g, ' ')}`, {
    hint: answer.startsWith('Permission denied') ? 'Give the `stats socket` the level admin.' : 'Do what HAProxy asks for, then run the release again.',
  });
