import { describe, expect, it } from '@jest/globals';
import { signPush, webhookSignature } from './sign-push.js';

/** The vendor's sample key pair for pushes. */
const KEY = { accessKey: 'exampleAk', secretKey: 'exampleSk*1231d881wd' };

/** The body of the vendor's page, byte for byte. */
const BATCH =
  '{"statusReportList":[{"sequence":"1","total":"1","updateTime":"2023-04-18T07:26:00Z","source":"2","smsMsgId":"f6dcba15-ced9-45f7-9f5e-af82328c5253_1188602","status":"DELIVRD"},{"sequence":"1","total":"1","updateTime":"2023-04-18T07:26:00Z","source":"2","smsMsgId":"f6dcba15-ced9-45f7-9f5e-af82328c5253_123456","status":"DELIVRD"}]}';
const SINGLE =
  'sequence=1&total=1&orgCode=000&updateTime=2018-04-13T06%3A31%3A46Z&source=2&smsMsgId=b9d9b4fe-ad0e-4a2a-a2c7-445505b674ac_6&status=DELIVRD';
const UPLINK = 'from=%2B8615512345172&to=201804131431201234&body=TD&smsMsgId=9692b5be-c427-4525-8e73-cf4a6ac5b3f7';
const JSON_TYPE = 'application/JSON;charset=UTF-8';
const FORM_TYPE = 'application/x-www-form-urlencoded';

function headersOf(contentType: string, body: string): Record<string, string> {
  return {
    connection: 'close',
    'content-length': String(Buffer.byteLength(body)),
    'content-type': contentType,
    host: '205.145.111.168:9330',
  };
}

describe('webhookSignature', () => {
  it("gives the vendor's own example", () => {
    const push = {
      method: 'GET',
      target: '/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0',
      headers: {
        'content-type': 'application/json',
        host: 'service.region.example.com',
        'x-sdk-date': '20191115T033655Z',
      },
      body: Buffer.alloc(0),
    };
    expect(webhookSignature(push, 'MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc')).toBe(
      '7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe',
    );
  });
});

describe('signPush', () => {
  const now = Date.UTC(2024, 11, 12, 7, 6, 53);

  // Computed by another implementation of the documented algorithm; the signature on the vendor's pages is a placeholder.
  it.each([
    [
      'a batch',
      '/batchReport',
      headersOf(JSON_TYPE, BATCH),
      BATCH,
      'c65b4ed12550e6b21c0a88e8d7b048a55028a6a7b684c44f95ff5784bab95e82',
    ],
    [
      'a single report',
      '/report',
      headersOf(FORM_TYPE, SINGLE),
      SINGLE,
      '0f213909a553ce3c4ad2f4c2f0dec306eb2ea3f93a9a38346d9023c30682c97f',
    ],
    [
      'a reply',
      '/smsRecive',
      headersOf(FORM_TYPE, UPLINK),
      UPLINK,
      '50d609f112977e524b492ad69edda8ff2444ef615b4d08067f803dfae2f3aad7',
    ],
    [
      'a query',
      '/hooks/huawei?t=1&app=a%20b&empty=',
      headersOf('application/json;charset=UTF-8', BATCH),
      BATCH,
      '5110a6ac4be23613aabc1358fdcc61559785b53bd2ef772125db81d97d16af59',
    ],
    [
      'few headers',
      '/hooks/huawei',
      { 'content-type': 'application/json;charset=UTF-8', host: 'hooks.example.com' },
      BATCH,
      'c0fa7545a3d760931ad97512188f9aaa1f367a9fe11460221aa2cd0d88d23903',
    ],
  ])('signs %s', (_what, target, headers, body, signature) => {
    const names = [...Object.keys(headers), 'x-sdk-date'].join(';');
    expect(signPush({ method: 'POST', target, headers, body: Buffer.from(body) }, KEY, now)).toEqual({
      'x-sdk-date': '20241212T070653Z',
      authorization: `SDK-HMAC-SHA256 Access=exampleAk,SignedHeaders=${names},Signature=${signature}`,
    });
  });
});
