import { createHmac } from 'node:crypto';

/** What a request to the queue endpoint is signed over. */
export interface SignedRequest {
  readonly method: string;
  /** By lower-case name, as they came. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Path and query exactly as they came. */
  readonly target: string;
}

/**
 * The signature of a request, in Base64: HMAC-SHA1 over its method, digest, type, date, `x-mns-` headers and target
 * (https://www.alibabacloud.com/help/doc-detail/27487.htm). A digest counts as it was sent; clients differ in what they put
 * there.
 * @param date what counts as the date header; it is empty where the client sends `x-mns-date` only
 */
export function mnsSignature({ method, headers, target }: SignedRequest, secret: string, date: string): string {
  const own = Object.keys(headers)
    .filter((name) => name.startsWith('x-mns-'))
    .sort()
    .map((name) => `${name}:${one(headers[name])}\n`);
  const lines = [method, one(headers['content-md5']), one(headers['content-type']), date, `${own.join('')}${target}`];
  // Node gives headers and targets as one character for each byte.
  return createHmac('sha1', secret)
    .update(Buffer.from(lines.join('\n'), 'latin1'))
    .digest('base64');
}

/** A header as one text; empty when it is missing. */
export function one(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value?.join(',') ?? '');
}
