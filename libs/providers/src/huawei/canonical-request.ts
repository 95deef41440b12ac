import { hash } from 'node:crypto';

/** What of a request is signed. All texts are Latin-1: one character for each byte. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query as they stood in the request line. */
  readonly target: string;
  /** Name and value of each signed header, in the order of the list of their names; names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/**
 * The canonical request of SDK-HMAC-SHA256, as
 * https://support.huaweicloud.com/devg-apisign/api-sign-algorithm-002.html builds it: method, path that ends in a
 * slash, sorted query, the signed headers and an empty line, their names, and the digest of the raw body. The fields of
 * a form are body here, not query.
 */
export function canonicalRequest({ method, target, headers, body }: SignedRequest): string {
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? '' : target.slice(mark + 1);
  return [
    method.toUpperCase(),
    canonicalPath(path),
    canonicalQuery(query),
    headers.map(([name, value]) => `${name}:${value}\n`).join(''),
    headers.map(([name]) => name).join(';'),
    hash('sha256', body, 'hex'),
  ].join('\n');
}

function canonicalPath(path: string): string {
  const encoded = path.split('/').map(reEncode).join('/');
  return encoded.endsWith('/') ? encoded : `${encoded}/`;
}

/** `k=v` pairs, both encoded anew, sorted by name and then by value. */
function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair): readonly [string, string] => {
      const equals = pair.indexOf('=');
      return equals === -1 ? [reEncode(pair), ''] : [reEncode(pair.slice(0, equals)), reEncode(pair.slice(equals + 1))];
    })
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const CLEAN = /^[A-Za-z0-9\-_.~]*$/;
const ESCAPE = /%([\dA-Fa-f]{2})/g;
const UNRESERVED = /[^A-Za-z0-9\-_.~]/g;

/** Percent-decoded and encoded again after RFC 3986, byte by byte. */
function reEncode(text: string): string {
  if (CLEAN.test(text)) return text;
  const decoded = text.replace(ESCAPE, (_escape, digits: string) => String.fromCharCode(parseInt(digits, 16)));
  return decoded.replace(
    UNRESERVED,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
