import { createHmac } from 'node:crypto';

/**
 * The signature of a request of the vendor's RPC style, in Base64: HMAC-SHA1 over the method and the sorted parameters.
 * @param parameters decoded; `Signature` itself is left out
 */
export function rpcSignature(method: string, parameters: ReadonlyMap<string, string>, secret: string): string {
  const pairs = [...parameters]
    .filter(([name]) => name !== 'Signature')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`);
  const text = `${method}&${encode('/')}&${encode(pairs.join('&'))}`;
  return createHmac('sha1', `${secret}&`).update(text, 'utf8').digest('base64');
}

/** As RFC 3986 says: everything but letters, digits and `-_.~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
