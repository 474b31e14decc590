// Starts commands for a relpipe that would take longer to, because a start copies the page tables of who starts: node bin.js BOOK PID
// Orders come by standard input, reports go by standard output. It lives as long as relpipe holds the other end of both.
import { Socket } from 'node:net';
import { ProcessBook } from '../../process-book.ts';
import type { CommandToStart } from '../command-starter.ts';
import { DirectStarter } from '../direct-starter.ts';
import { FrameReader, messageFrame, writeFrame, type Frame } from './frame.ts';
import type { Order, Report } from './message.ts';

const [bookFile = '', relpipe = ''] = process.argv.slice(2);
const orders = new Socket({ fd: 0, readable: true, writable: false });
// Not `process.stdout`, whose writes to a full pipe stop everything.
const reports = new Socket({ fd: 1, readable: false, writable: true });
const reader = new FrameReader();
let starter: DirectStarter | undefined;
let room: Promise<void> | undefined;

// Whoever ends everything here means relpipe, which asks the commands to end before it does.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
for (const channel of [orders, reports]) channel.on('error', leave).on('close', leave);
orders.on('data', (chunk: Buffer) => reader.push(chunk).forEach(obey));
tell(0, { ready: true });

function obey({ command, payload }: Frame): void {
  const order = JSON.parse(payload.toString()) as Order;
  if ('environment' in order) starter = new DirectStarter(new ProcessBook(bookFile), order.environment);
  else start(command, order.start).catch((error: unknown) => tell(command, { refused: error instanceof Error ? error.message : String(error) }));
}

async function start(command: number, what: CommandToStart): Promise<void> {
  // The last orders of one that has been killed may still be in the pipe.
  if (process.ppid !== Number(relpipe)) leave();
  const started = await starter?.start(what, (name, chunk) => send(writeFrame({ kind: name, command, payload: chunk })));
  tell(command, { started: started === undefined ? {} : { leader: started.leader } });
  if (started !== undefined) tell(command, { ended: await started.ended });
}

function tell(command: number, report: Report): void {
  void send(messageFrame(command, report));
}

/** A promise when the pipe is full. */
function send(frame: Buffer): Promise<void> | undefined {
  if (reports.write(frame)) return undefined;
  return (room ??= new Promise((resolve) => {
    reports.once('drain', () => {
      room = undefined;
      resolve();
    });
  }));
}

function leave(): never {
  process.exit();
}
