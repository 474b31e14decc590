import type { Static, TSchema } from 'typebox';
import type { ReadContext } from './context.ts';
import type { Finding } from './finding.ts';
import type { PlannedConfig } from './later.ts';
import type { Message } from './message.ts';
import type { ReportedEvent } from './reported-event.ts';

/** A channel tells people or other systems about runs. It never changes how a run ends, and no run waits for it. */
export type ChannelType<C extends TSchema = TSchema> = MessageChannel<C> | DocumentChannel<C>;

interface AnyChannel<C extends TSchema> {
  /** One sentence that says whom it tells, and how. */
  readonly summary: string;
  readonly with: C;
  /** Read-only, before anything starts. */
  verify?(config: PlannedConfig<C>, context: ReadContext): Promise<readonly Finding[]>;
}

/** Sends one message for each event. */
export interface MessageChannel<C extends TSchema = TSchema> extends AnyChannel<C> {
  /**
   * Resolves when the receiver has the message. It has 10 seconds. A `StepError` says that the message did not arrive; it is tried again if the
   * error is `retryable`. After any other error, and when the time is over, nobody knows whether it arrived.
   */
  send(config: Static<C>, message: Message, context: SendContext): Promise<void>;
  /** Whether the receiver drops a message whose key it has seen: then one that may have arrived is sent again. Default: it does not. */
  recognizesRepetition?(config: PlannedConfig<C>): boolean;
  readonly update?: never;
}

/** Keeps one document about each run up to date. */
export interface DocumentChannel<C extends TSchema = TSchema> extends AnyChannel<C> {
  /**
   * Called after an event, and when a process parks or is interrupted, with everything that happened since the run started. A later call
   * includes what the earlier ones had: each has to replace the document of the same run, so that calling it twice has no effect. It has 10
   * seconds.
   */
  update(config: Static<C>, events: readonly ReportedEvent[], context: ReadContext): Promise<void>;
  readonly send?: never;
  readonly recognizesRepetition?: never;
}

/** The context of `send`. */
export interface SendContext extends ReadContext {
  /** The same for every attempt to tell this channel of this event: `runId/notify/3.0`. */
  readonly idempotencyKey: string;
  /** Starts at 1. */
  readonly attempt: number;
}

/** Returns its argument unchanged; it exists for the types. */
export function defineChannel<C extends TSchema>(channel: MessageChannel<C>): MessageChannel<C>;
export function defineChannel<C extends TSchema>(channel: DocumentChannel<C>): DocumentChannel<C>;
export function defineChannel<C extends TSchema>(channel: ChannelType<C>): ChannelType<C> {
  return channel;
}
