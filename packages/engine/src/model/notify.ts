/** The events that channels are notified of, each once. `ended`: any end, for a channel that does not take its own word for it. */
export const notifyEvents = [
  'started',
  'waiting',
  'weight',
  'failed',
  'override',
  'late',
  'paused',
  'rolled-back',
  'rollback-failed',
  'succeeded',
  'stopped',
  'ended',
] as const;
export type NotifyEvent = (typeof notifyEvents)[number];

/**
 * How the delivery of a message ended. `undelivered`: it certainly did not arrive. `unknown`: nobody knows, and it is not repeated. `replaced`: a
 * newer state of the document is sent in its place.
 */
export type DeliveryEnd = 'delivered' | 'undelivered' | 'unknown' | 'replaced';
