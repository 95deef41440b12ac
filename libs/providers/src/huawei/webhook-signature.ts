import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { PushKeys, PushProblem, PushProof, SignPush, UnverifiedPush } from '../push.js';
import { canonicalRequest } from './canonical-request.js';

const ALGORITHM = 'SDK-HMAC-SHA256';

/** The header table of the vendor's page has a blank after the commas, its example has none. */
const AUTHORIZATION =
  /^SDK-HMAC-SHA256[ \t]+Access=([^,\s]+),[ \t]*SignedHeaders=([^,\s]+),[ \t]*Signature=([\dA-Fa-f]{64})$/;

const DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** Signs for nobody: a push with an access key that we do not have takes as long as any other. */
const NOBODY = '';

/**
 * Checks the push authentication of Huawei Cloud (SDK-HMAC-SHA256),
 * https://support.huaweicloud.com/intl/en-us/api-msgsms/sms_05_0064.html with the algorithm of
 * https://support.huaweicloud.com/devg-apisign/api-sign-algorithm-001.html. Pure: no clock; never throws.
 *
 * The body is always hashed as it came: `x-sdk-content-sha256`, with which the general algorithm lets a caller say
 * `UNSIGNED-PAYLOAD`, counts for nothing. Only the signature is compared, not the whole header, so both ways to write
 * the header hold. What the signature covers is what it names; the date must be among it.
 * @param now Unix ms
 */
export function checkSignature(push: UnverifiedPush, keys: PushKeys, now: number): PushProof | PushProblem {
  const received = headersByName(push.headers, keys.signedHeaders);
  const authorization = received.get('authorization');
  if (authorization === undefined) return 'no-signature';
  if (authorization === REPEATED) return 'header-repeated';
  const [, accessKey, names, signature] = AUTHORIZATION.exec(authorization) ?? [];
  if (accessKey === undefined || names === undefined || signature === undefined) return 'malformed-signature';

  const signed: [name: string, value: string][] = [];
  for (const name of names.toLowerCase().split(';')) {
    const value = received.get(name);
    if (value === undefined) return 'header-missing';
    if (value === REPEATED) return 'header-repeated';
    signed.push([name, value]);
  }
  const date = signed.find(([name]) => name === 'x-sdk-date')?.[1];
  if (date === undefined) return 'date-not-signed';
  const signedAt = instantOf(date);
  if (signedAt === null) return 'malformed-date';

  const { method, target, body } = push;
  const canonical = canonicalRequest({ method, target, headers: signed, body });
  const secret = keys.secrets.get(accessKey);
  const expected = signatureOf(secret ?? NOBODY, date, canonical);
  const holds = timingSafeEqual(expected, Buffer.from(signature, 'hex'));
  if (secret === undefined) return 'unknown-access-key';
  if (!holds) return 'wrong-signature';
  const age = now - signedAt;
  // Only said of a genuine signature: before that the date is anybody's.
  if (keys.maxSkew !== null && Math.abs(age) > keys.maxSkew) return 'date-out-of-range';
  return { accessKey, age };
}

/** Signs as Huawei Cloud does, all headers that are given and the date. */
export const signPush: SignPush = ({ method, target, headers, body }, { accessKey, secretKey }, now) => {
  const date = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const signed = Object.entries({ ...headers, 'x-sdk-date': date }).sort(([a], [b]) => (a < b ? -1 : 1));
  const signature = signatureOf(secretKey, date, canonicalRequest({ method, target, headers: signed, body }));
  const names = signed.map(([name]) => name).join(';');
  return {
    'x-sdk-date': date,
    authorization: `${ALGORITHM} Access=${accessKey},SignedHeaders=${names},Signature=${signature.toString('hex')}`,
  };
};

/** The secret itself is the key: nothing is derived from it. */
function signatureOf(secret: string, date: string, canonical: string): Buffer {
  const digest = hash('sha256', Buffer.from(canonical, 'latin1'), 'hex');
  return createHmac('sha256', secret).update(`${ALGORITHM}\n${date}\n${digest}`, 'latin1').digest();
}

/** Stands for the values of a header that came more than once. A value on the wire cannot hold a newline. */
const REPEATED = '\n';

/** Values by lower-case name, trimmed; what a proxy rewrote is put back. */
function headersByName(
  headers: readonly string[],
  overrides: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const byName = new Map<string, string>();
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = (headers[i] ?? '').toLowerCase();
    byName.set(name, byName.has(name) ? REPEATED : (headers[i + 1] ?? '').trim());
  }
  for (const [name, value] of overrides) byName.set(name, value);
  return byName;
}

/** `20241212T070653Z` as Unix ms; null for any other form or an impossible date. */
function instantOf(text: string): number | null {
  const [, year, month, day, hour, minute, second] = (DATE.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return null;
  const instant = Date.UTC(year, month - 1, day, hour, minute, second);
  // 30 February and hour 25 would silently become another moment.
  return new Date(instant).toISOString().replaceAll(/[-:]|\.\d{3}/g, '') === text ? instant : null;
}
