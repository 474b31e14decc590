import type { Secret } from '../../contract/index.ts';

/** A secret as a step sees it. Printing it, or turning it into JSON, gives its name. */
export class SecretValue implements Secret {
  readonly secret: string;
  readonly #text: string;

  constructor(secret: string, text: string) {
    this.secret = secret;
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return `secret ${this.secret}`;
  }
}
