import type { Socket } from 'node:net';

/**
 * Writes a head and the part of the body that came with it in one system call.
 * @param head latin1
 * @returns false when the socket asks to wait for its `drain`
 */
export function writeMessage(socket: Socket, head: string, body: Buffer): boolean {
  if (body.length === 0) return socket.write(head, 'latin1');
  if (body.length <= smallBytes) return socket.write(head + body.toString('latin1'), 'latin1');
  socket.cork();
  socket.write(head, 'latin1');
  const isRoomLeft = socket.write(body);
  socket.uncork();
  return isRoomLeft;
}

/** Below this, copying is cheaper than a second write. */
const smallBytes = 4096;
