/** A message that is not understood beyond doubt; `status` is the answer to a client that sent it. */
export class Refusal extends Error {
  readonly status: RefusalStatus;

  constructor(status: RefusalStatus, message: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
  }
}

export type RefusalStatus = 400 | 408 | 431 | 501 | 505;
