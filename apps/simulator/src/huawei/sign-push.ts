import { createHash, createHmac } from 'node:crypto';
import type { UnsignedPush } from '../dialect.js';

const ALGORITHM = 'SDK-HMAC-SHA256';

/** The key pair that was entered in the vendor's console for pushes. */
export interface PushKey {
  readonly accessKey: string;
  readonly secretKey: string;
}

/**
 * The headers that authenticate a push (https://support.huaweicloud.com/intl/en-us/api-msgsms/sms_05_0064.html). All
 * headers of the push are signed, and the date; written as the example of the page does, without blanks after commas.
 * @param now Unix ms
 */
export function signPush(
  push: UnsignedPush,
  key: PushKey,
  now: number,
): { readonly 'x-sdk-date': string; readonly authorization: string } {
  const date = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const headers = { ...push.headers, 'x-sdk-date': date };
  const names = Object.keys(headers).sort().join(';');
  const signature = webhookSignature({ ...push, headers }, key.secretKey);
  return {
    'x-sdk-date': date,
    authorization: `${ALGORITHM} Access=${key.accessKey},SignedHeaders=${names},Signature=${signature}`,
  };
}

/** What is signed. */
export interface SignedPart extends Omit<UnsignedPush, 'method'> {
  readonly method: string;
}

/**
 * The signature of SDK-HMAC-SHA256, in hexadecimal; every header that is given is signed, `x-sdk-date` must be among
 * them (https://support.huaweicloud.com/devg-apisign/api-sign-algorithm-001.html).
 */
export function webhookSignature({ method, target, headers, body }: SignedPart, secretKey: string): string {
  const names = Object.keys(headers).sort();
  const [path = '', ...query] = target.split('?');
  const lines = [
    method,
    canonicalPath(path),
    canonicalQuery(query.join('?')),
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim()}`),
    '',
    names.join(';'),
    sha256(body),
  ];
  const text = [ALGORITHM, headers['x-sdk-date'] ?? '', sha256(lines.join('\n'))].join('\n');
  return createHmac('sha256', secretKey).update(text).digest('hex');
}

function canonicalPath(path: string): string {
  const encoded = path
    .split('/')
    .map((segment) => encode(decodeURIComponent(segment)))
    .join('/');
  return encoded.endsWith('/') ? encoded : `${encoded}/`;
}

function canonicalQuery(query: string): string {
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return `${encode(decodeURIComponent(name))}=${encode(decodeURIComponent(value.join('=')))}`;
    });
  return pairs.sort().join('&');
}

/** As RFC 3986 says: everything but letters, digits and `-_.~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
