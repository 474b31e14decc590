/** The parts of a JSON pointer (RFC 6901), as in `/with/phases/0`. */
export const pathOfPointer = (pointer: string): readonly string[] =>
  pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
