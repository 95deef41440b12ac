/** What a queue's message holds. */
export interface MessageBody {
  readonly bytes: Buffer;
  /** `base64`: undone, the bytes are what it stood for. */
  readonly encoding: 'base64' | 'plain';
}

/**
 * The bytes of a message. MNS stores text as it gets it; that it is Base64 is a habit of clients. Undone only where it
 * would come out the same if it were done again: a receipt is JSON, whose braces and brackets Base64 does not have.
 */
export function messageBody(text: string): MessageBody {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length > 0 && bytes.toString('base64') === text
    ? { bytes, encoding: 'base64' }
    : { bytes: Buffer.from(text, 'utf8'), encoding: 'plain' };
}
