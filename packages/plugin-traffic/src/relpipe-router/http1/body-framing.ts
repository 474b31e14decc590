import { Refusal } from './refusal.ts';

/** Where the body of a message ends: RFC 9112 section 6. */
export type BodyFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' };

/** The two fields that frame a body, collected while a head is read. */
export class FramingFields {
  length: number | undefined;
  isChunked = false;

  /** @throws Refusal 400 for a second or unclear length */
  addContentLength(value: string): void {
    if (this.length !== undefined) throw new Refusal(400, 'There is more than one content-length.');
    if (!/^[0-9]{1,15}$/.test(value)) throw new Refusal(400, `The content-length ${JSON.stringify(value)} is not a valid length.`);
    this.length = Number(value);
  }

  /** @throws Refusal 400 for a second transfer-encoding, 501 for anything but exactly `chunked`: a server might read a list otherwise */
  addTransferEncoding(value: string): void {
    if (this.isChunked) throw new Refusal(400, 'There is more than one transfer-encoding.');
    if (value.toLowerCase() !== 'chunked') throw new Refusal(501, `The transfer-encoding ${JSON.stringify(value)} is not supported.`);
    this.isChunked = true;
  }

  /**
   * @param otherwise the framing when neither field is present
   * @throws Refusal 400 when both are: the classic smuggled request (RFC 9112 section 6.3)
   */
  framing(otherwise: BodyFraming): BodyFraming {
    if (this.isChunked && this.length !== undefined) throw new Refusal(400, 'There are both a content-length and a transfer-encoding.');
    if (this.isChunked) return { kind: 'chunked' };
    if (this.length === undefined) return otherwise;
    return this.length === 0 ? noBody : { kind: 'length', length: this.length };
  }
}

export const noBody: BodyFraming = { kind: 'none' };
