import { createHmac, hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { verifyPush } from '../push.js';
import type { PushKeys, UnverifiedPush } from '../push.js';
import { canonicalRequest } from './canonical-request.js';
import { checkSignature } from './webhook-signature.js';

/** The vendor's published sample keys: of the general algorithm, and of the push page. */
const VENDOR_KEY = ['QTWAOYTTINDUT2QVKYUC', 'MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc'] as const;
const SAMPLE_KEY = ['exampleAk', 'exampleSk*1231d881wd'] as const;

const KEYS: PushKeys = {
  secrets: new Map([VENDOR_KEY, SAMPLE_KEY]),
  maxSkew: null,
  signedHeaders: new Map(),
};

/** The body of the vendor's batch page, 331 bytes. */
const BATCH =
  '{"statusReportList":[{"sequence":"1","total":"1","updateTime":"2023-04-18T07:26:00Z","source":"2","smsMsgId":"f6dcba15-ced9-45f7-9f5e-af82328c5253_1188602","status":"DELIVRD"},{"sequence":"1","total":"1","updateTime":"2023-04-18T07:26:00Z","source":"2","smsMsgId":"f6dcba15-ced9-45f7-9f5e-af82328c5253_123456","status":"DELIVRD"}]}';
/** The body of the page on single reports, 138 bytes. */
const SINGLE =
  'sequence=1&total=1&orgCode=000&updateTime=2018-04-13T06%3A31%3A46Z&source=2&smsMsgId=b9d9b4fe-ad0e-4a2a-a2c7-445505b674ac_6&status=DELIVRD';
const UPLINK = 'from=%2B8615512345172&to=201804131431201234&body=TD&smsMsgId=9692b5be-c427-4525-8e73-cf4a6ac5b3f7';

const DATE = '20241212T070653Z';
const NOW = Date.UTC(2024, 11, 12, 7, 6, 53);
const SIGNED = 'connection;content-length;content-type;host;x-sdk-date';

/** A push as the vendor's example shows it. */
function pushOf(target: string, body: string, contentType: string, signature: string): UnverifiedPush {
  return {
    method: 'POST',
    target,
    headers: [
      ...['Host', '205.145.111.168:9330', 'Content-Type', contentType, 'X-Sdk-Date', DATE],
      ...['Authorization', `SDK-HMAC-SHA256 Access=exampleAk,SignedHeaders=${SIGNED},Signature=${signature}`],
      ...['Connection', 'close', 'Content-Length', String(Buffer.byteLength(body)), 'Pooltype', 'approxy'],
    ],
    body: Buffer.from(body),
  };
}

const JSON_TYPE = 'application/JSON;charset=UTF-8';
const V2_SIGNATURE = 'c65b4ed12550e6b21c0a88e8d7b048a55028a6a7b684c44f95ff5784bab95e82';
const V2 = pushOf('/batchReport', BATCH, JSON_TYPE, V2_SIGNATURE);

/** The push with one header changed, or with none of it if the value is null. */
function withHeader(push: UnverifiedPush, name: string, value: string | null): UnverifiedPush {
  const headers = push.headers.flatMap((_, index) => {
    if (index % 2 === 1) return [];
    const [key = '', old = ''] = push.headers.slice(index, index + 2);
    if (key.toLowerCase() !== name) return [key, old];
    return value === null ? [] : [key, value];
  });
  return { ...push, headers };
}

function authorised(push: UnverifiedPush, authorization: string): UnverifiedPush {
  return withHeader(push, 'authorization', authorization);
}

/** Signs by a second, plain implementation of the algorithm. */
function sign(canonical: string, secret: string, date = DATE): string {
  return createHmac('sha256', secret)
    .update(`SDK-HMAC-SHA256\n${date}\n${hash('sha256', canonical, 'hex')}`)
    .digest('hex');
}

const OK = { accessKey: 'exampleAk', age: 0 };

describe('the known answers of SDK-HMAC-SHA256', () => {
  it('V1: the example of the general algorithm, published by the vendor, with blanks after the commas', () => {
    const push: UnverifiedPush = {
      method: 'GET',
      target: '/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0',
      headers: [
        ...['content-type', 'application/json', 'host', 'service.region.example.com', 'x-sdk-date', '20191115T033655Z'],
        'Authorization',
        'SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=content-type;host;x-sdk-date, Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe',
      ],
      body: Buffer.alloc(0),
    };
    expect(checkSignature(push, KEYS, Date.UTC(2019, 10, 15, 3, 36, 55))).toEqual({
      accessKey: VENDOR_KEY[0],
      age: 0,
    });
  });

  it.each([
    ['V2: a batch', V2],
    [
      'V3: a single report',
      pushOf(
        '/report',
        SINGLE,
        'application/x-www-form-urlencoded',
        '0f213909a553ce3c4ad2f4c2f0dec306eb2ea3f93a9a38346d9023c30682c97f',
      ),
    ],
    [
      'V4: an uplink message',
      pushOf(
        '/smsRecive',
        UPLINK,
        'application/x-www-form-urlencoded',
        '50d609f112977e524b492ad69edda8ff2444ef615b4d08067f803dfae2f3aad7',
      ),
    ],
    [
      'V5: an address with a query',
      pushOf(
        '/hooks/huawei?t=1&app=a%20b&empty=',
        BATCH,
        'application/json;charset=UTF-8',
        '5110a6ac4be23613aabc1358fdcc61559785b53bd2ef772125db81d97d16af59',
      ),
    ],
    [
      'V6: the least that can be signed',
      {
        method: 'POST',
        target: '/hooks/huawei',
        headers: [
          ...['host', 'hooks.example.com', 'content-type', 'application/json;charset=UTF-8', 'x-sdk-date', DATE],
          'authorization',
          'SDK-HMAC-SHA256 Access=exampleAk,SignedHeaders=content-type;host;x-sdk-date,Signature=c0fa7545a3d760931ad97512188f9aaa1f367a9fe11460221aa2cd0d88d23903',
        ],
        body: Buffer.from(BATCH),
      },
    ],
  ])('%s', (_what, push) => {
    expect(checkSignature(push, KEYS, NOW)).toEqual(OK);
  });

  it('V2: the canonical request, byte for byte', () => {
    const headers = [
      ['connection', 'close'],
      ['content-length', '331'],
      ['content-type', JSON_TYPE],
      ['host', '205.145.111.168:9330'],
      ['x-sdk-date', DATE],
    ] as const;
    const text = canonicalRequest({ method: 'POST', target: '/batchReport', headers, body: V2.body });
    expect(text).toBe(
      `POST\n/batchReport/\n\nconnection:close\ncontent-length:331\ncontent-type:${JSON_TYPE}\nhost:205.145.111.168:9330\nx-sdk-date:${DATE}\n\n${SIGNED}\n37d4d688d91dce3c3baa5bfb86b5d90a5baff6e8b1adc45b10443e63ca1b97ab`,
    );
    expect(hash('sha256', text, 'hex')).toBe('a65b9e0f7d35f0b8d42bf9184cb46a044726fc85315f7db18caeb187b4795f1f');
  });
});

describe('what must not pass', () => {
  it('the signature that the vendor prints: a placeholder, the same on three pages with three bodies', () => {
    const printed = '765a365f3851fd1c96011a82b893266fb7b3e79b3002526c43199c97e61bb88b';
    expect(checkSignature(pushOf('/batchReport', BATCH, JSON_TYPE, printed), KEYS, NOW)).toBe('wrong-signature');
  });

  it.each([
    ['a host without its port', 'host', '205.145.111.168'],
    ['a connection that a proxy keeps alive', 'connection', 'keep-alive'],
    ['a content type in small letters', 'content-type', JSON_TYPE.toLowerCase()],
    ['a content type without its parameter', 'content-type', 'application/JSON'],
    ['another length', 'content-length', '332'],
    ['another date', 'x-sdk-date', '20241212T070654Z'],
  ])('%s', (_what, name, value) => {
    expect(checkSignature(withHeader(V2, name, value), KEYS, NOW)).toBe('wrong-signature');
  });

  it.each([
    ['another path', { ...V2, target: '/batchreport' }],
    ['a query that was not there', { ...V2, target: '/batchReport?a=1' }],
    ['another method', { ...V2, method: 'PUT' }],
    ['a changed body', { ...V2, body: Buffer.from(BATCH.replace('DELIVRD', 'UNDELIV')) }],
    ['a body with one more newline', { ...V2, body: Buffer.from(`${BATCH}\n`) }],
    ['no body', { ...V2, body: Buffer.alloc(0) }],
  ])('%s', (_what, push) => {
    expect(checkSignature(push, KEYS, NOW)).toBe('wrong-signature');
  });

  it('what is signed by the usual mistakes of other implementations', () => {
    const headers = `connection:close\ncontent-length:331\ncontent-type:${JSON_TYPE}\nhost:205.145.111.168:9330\nx-sdk-date:${DATE}\n`;
    const digest = hash('sha256', BATCH, 'hex');
    const [, secret] = SAMPLE_KEY;
    const mistakes: Readonly<Record<string, string>> = {
      'no slash at the end of the path': `POST\n/batchReport\n\n${headers}\n${SIGNED}\n${digest}`,
      'no empty line after the headers': `POST\n/batchReport/\n\n${headers}${SIGNED}\n${digest}`,
      'no line for the query': `POST\n/batchReport/\n${headers}\n${SIGNED}\n${digest}`,
      'the body itself in place of its digest': `POST\n/batchReport/\n\n${headers}\n${SIGNED}\n${BATCH}`,
      'a digest in capitals': `POST\n/batchReport/\n\n${headers}\n${SIGNED}\n${digest.toUpperCase()}`,
      'a payload that is said to be unsigned': `POST\n/batchReport/\n\n${headers}\n${SIGNED}\nUNSIGNED-PAYLOAD`,
      'another method': `GET\n/batchReport/\n\n${headers}\n${SIGNED}\n${digest}`,
    };
    const outcomes = Object.entries(mistakes).map(([name, canonical]) => {
      const push = pushOf('/batchReport', BATCH, JSON_TYPE, sign(canonical, secret));
      return [name, checkSignature(push, KEYS, NOW)];
    });
    expect(outcomes).toEqual(Object.keys(mistakes).map((name) => [name, 'wrong-signature']));
    // The plain implementation itself is right.
    const right = `POST\n/batchReport/\n\n${headers}\n${SIGNED}\n${digest}`;
    expect(sign(right, secret)).toBe(V2_SIGNATURE);
  });

  it('a key that is derived, as other clouds do it', () => {
    const canonical = 'irrelevant';
    const derived = createHmac('sha256', SAMPLE_KEY[1]).update('20241212').digest('hex');
    expect(checkSignature(pushOf('/batchReport', BATCH, JSON_TYPE, sign(canonical, derived)), KEYS, NOW)).toBe(
      'wrong-signature',
    );
  });

  it('x-sdk-content-sha256, signed or not: what counts is the body', () => {
    for (const claimed of ['UNSIGNED-PAYLOAD', hash('sha256', BATCH, 'hex')]) {
      const signed = `host;x-sdk-content-sha256;x-sdk-date`;
      const canonical = `POST\n/a/\n\nhost:h\nx-sdk-content-sha256:${claimed}\nx-sdk-date:${DATE}\n\n${signed}\n${claimed}`;
      const push: UnverifiedPush = {
        method: 'POST',
        target: '/a',
        headers: [
          ...['host', 'h', 'x-sdk-content-sha256', claimed, 'x-sdk-date', DATE, 'authorization'],
          `SDK-HMAC-SHA256 Access=exampleAk, SignedHeaders=${signed}, Signature=${sign(canonical, SAMPLE_KEY[1])}`,
        ],
        body: Buffer.from('[{"forged":true}]'),
      };
      expect(checkSignature(push, KEYS, NOW)).toBe('wrong-signature');
    }
  });
});

describe('who may push', () => {
  const other: PushKeys = { ...KEYS, secrets: new Map([['exampleAk', 'another secret']]) };

  it.each([
    ['no signature', withHeader(V2, 'authorization', null), 'no-signature'],
    ['a bearer token', authorised(V2, 'Bearer abc'), 'malformed-signature'],
    ['a signature that is too short', pushOf('/batchReport', BATCH, JSON_TYPE, 'c65b'), 'malformed-signature'],
    [
      'an access key that we do not have',
      authorised(V2, `SDK-HMAC-SHA256 Access=nobody,SignedHeaders=${SIGNED},Signature=${V2_SIGNATURE}`),
      'unknown-access-key',
    ],
    ['a signed header that is missing', withHeader(V2, 'connection', null), 'header-missing'],
    ['a signed header that came twice', { ...V2, headers: [...V2.headers, 'HOST', 'evil.example'] }, 'header-repeated'],
    ['two authorizations', { ...V2, headers: [...V2.headers, 'authorization', 'x'] }, 'header-repeated'],
    [
      'a date that is not among the signed headers',
      authorised(V2, `SDK-HMAC-SHA256 Access=exampleAk,SignedHeaders=host,Signature=${V2_SIGNATURE}`),
      'date-not-signed',
    ],
    ['a date in another form', withHeader(V2, 'x-sdk-date', '2024-12-12T07:06:53Z'), 'malformed-date'],
    ['a date that does not exist', withHeader(V2, 'x-sdk-date', '20240230T070653Z'), 'malformed-date'],
  ])('%s is refused', (_what, push, problem) => {
    expect(checkSignature(push, KEYS, NOW)).toBe(problem);
  });

  it('several key pairs may be live, and the access key says which one it is', () => {
    expect(checkSignature(V2, KEYS, NOW)).toEqual(OK);
    expect(checkSignature(V2, other, NOW)).toBe('wrong-signature');
  });

  it('a signature with nobody’s secret is nobody’s', () => {
    const canonical = `POST\n/a/\n\nx-sdk-date:${DATE}\n\nx-sdk-date\n${hash('sha256', '', 'hex')}`;
    const push: UnverifiedPush = {
      method: 'POST',
      target: '/a',
      headers: [
        ...['x-sdk-date', DATE, 'authorization'],
        `SDK-HMAC-SHA256 Access=nobody,SignedHeaders=x-sdk-date,Signature=${sign(canonical, '')}`,
      ],
      body: Buffer.alloc(0),
    };
    expect(checkSignature(push, KEYS, NOW)).toBe('unknown-access-key');
  });

  it('the signature may stand in capitals, and blanks may follow the commas', () => {
    const spaced = `SDK-HMAC-SHA256  Access=exampleAk,  SignedHeaders=${SIGNED}, Signature=${V2_SIGNATURE.toUpperCase()}`;
    expect(checkSignature(authorised(V2, spaced), KEYS, NOW)).toEqual(OK);
  });
});

describe('the date', () => {
  it.each([
    ['is not looked at unless asked for', null, 365 * 86_400_000, { accessKey: 'exampleAk', age: 365 * 86_400_000 }],
    ['may be as old as allowed', 900_000, 900_000, { accessKey: 'exampleAk', age: 900_000 }],
    ['may be as far ahead as allowed', 900_000, -900_000, { accessKey: 'exampleAk', age: -900_000 }],
    ['may not be older', 900_000, 901_000, 'date-out-of-range'],
    ['may not be further ahead', 900_000, -901_000, 'date-out-of-range'],
  ])('%s', (_what, maxSkew, age, result) => {
    expect(checkSignature(V2, { ...KEYS, maxSkew }, NOW + age)).toEqual(result);
  });
});

describe('what a proxy rewrites', () => {
  const keys: PushKeys = {
    ...KEYS,
    signedHeaders: new Map([
      ['connection', 'close'],
      ['host', '205.145.111.168:9330'],
    ]),
  };

  it('is put back', () => {
    const rewritten = withHeader(withHeader(V2, 'host', 'ingress:8080'), 'connection', null);
    expect(checkSignature(rewritten, KEYS, NOW)).toBe('header-missing');
    expect(checkSignature(rewritten, keys, NOW)).toEqual(OK);
  });

  it('is the only thing that is put back', () => {
    expect(checkSignature(withHeader(V2, 'content-type', 'application/json'), keys, NOW)).toBe('wrong-signature');
  });
});

describe('verifyPush', () => {
  it('is what makes a verified push', () => {
    const verified = verifyPush(checkSignature, V2, KEYS, NOW + 1_000);
    if (typeof verified === 'string') throw new Error(verified);
    expect(verified.proof).toEqual({ accessKey: 'exampleAk', age: 1_000 });
    expect(verified.body).toBe(V2.body);
    expect(verifyPush(checkSignature, { ...V2, method: 'PUT' }, KEYS, NOW)).toBe('wrong-signature');
  });
});

it('never throws, and takes nothing for genuine, whatever comes', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  const header = fc.tuple(
    fc.oneof(fc.constantFrom('host', 'X-Sdk-Date', 'authorization', 'connection'), text),
    fc.oneof(text, fc.constantFrom(DATE, '99999999T999999Z', V2.headers[7] ?? '')),
  );
  fc.assert(
    fc.property(text, text, fc.array(header), fc.uint8Array(), (method, target, headers, body) => {
      const push = { method, target, headers: headers.flat(), body: Buffer.from(body) };
      expect(typeof checkSignature(push, KEYS, NOW)).toBe('string');
    }),
  );
});
