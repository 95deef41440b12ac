import { describe, expect, it } from '@jest/globals';
import { Faults } from './faults.js';
import { rpcSignature } from './rpc-signature.js';
import type { TokenEndpoint } from './token-endpoint.js';
import { answerTokenRequest, vendorTime } from './token-endpoint.js';
import { createTokens } from './tokens.js';

const NOW = Date.UTC(2026, 6, 9, 3);
const CUSTOMER = { accessKeyId: 'testid', accessKeySecret: 'testsecret' };
const HOST = 'dybaseapi.aliyuncs.com';

function endpoint(changes: Partial<TokenEndpoint> = {}): TokenEndpoint {
  const now = (): number => NOW;
  return {
    customer: CUSTOMER,
    tokens: createTokens(now),
    faults: new Faults(),
    lifetimeSeconds: 3600,
    now,
    ...changes,
  };
}

/** A request of the vendor's own shape, signed after the changes. */
function request(changes: Readonly<Record<string, string>> = {}): Map<string, string> {
  const parameters = new Map(
    Object.entries({
      Action: 'QueryTokenForMnsQueue',
      Version: '2017-05-25',
      Format: 'JSON',
      AccessKeyId: 'testid',
      MessageType: 'SmsReport',
      QueueName: 'Alicom-Queue-1000000000000001-SmsReport',
      RegionId: 'cn-hangzhou',
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
      SignatureNonce: '00000000-0000-4000-8000-000000000001',
      Timestamp: '2026-07-09T03:00:00Z',
      ...changes,
    }).filter(([, value]) => value !== ''),
  );
  return parameters.set('Signature', rpcSignature('POST', parameters, 'testsecret'));
}

describe('a token', () => {
  it('is given with its times in UTC+8', () => {
    const where = endpoint();
    const { status, body } = answerTokenRequest('POST', request(), HOST, where);
    expect(status).toBe(200);
    expect(body).toEqual({
      Code: 'OK',
      Message: 'OK',
      RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
      MessageTokenDTO: {
        AccessKeyId: expect.stringMatching(/^STS\./),
        AccessKeySecret: expect.any(String),
        SecurityToken: expect.any(String),
        CreateTime: '2026-07-09 11:00:00',
        ExpireTime: '2026-07-09 12:00:00',
      },
    });
    const { MessageTokenDTO: given } = body as { MessageTokenDTO: { AccessKeyId: string; SecurityToken: string } };
    expect(where.tokens.find(given.AccessKeyId)).toMatchObject({
      securityToken: given.SecurityToken,
      messageType: 'SmsReport',
      expireTime: NOW + 3_600_000,
    });
  });

  it('is given to clients for abroad, who ask in another version', () => {
    expect(answerTokenRequest('POST', request({ Version: '2018-05-01' }), HOST, endpoint()).status).toBe(200);
  });

  it('lives as long as a fault says', () => {
    const where = endpoint();
    where.faults.set({ lifetimeSeconds: 180 });
    const { body } = answerTokenRequest('POST', request(), HOST, where);
    expect(body).toMatchObject({ MessageTokenDTO: { ExpireTime: '2026-07-09 11:03:00' } });
  });

  it.each([
    [404, 'InvalidAction.NotFound', { Action: 'Other' }],
    [400, 'InvalidVersion', { Version: '2016-01-01' }],
    [400, 'MissingAccessKeyId', { AccessKeyId: '' }],
    [400, 'MissingSignatureNonce', { SignatureNonce: '' }],
    [400, 'InvalidSignatureMethod', { SignatureMethod: 'HMAC-SHA256' }],
    [400, 'MissingTimestamp', { Timestamp: '' }],
    [400, 'InvalidTimeStamp.Format', { Timestamp: '2026-07-09 03:00:00' }],
    [400, 'InvalidTimeStamp.Expired', { Timestamp: '2026-07-09T02:44:59Z' }],
    [404, 'InvalidAccessKeyId.NotFound', { AccessKeyId: 'unknown' }],
    [400, 'MissingMessageType', { MessageType: '' }],
  ])('is refused: %i %s', (status, code, changes) => {
    const answer = answerTokenRequest('POST', request(changes), HOST, endpoint());
    expect(answer).toEqual({
      status,
      body: { RequestId: expect.any(String), HostId: HOST, Code: code, Message: expect.any(String) },
    });
  });

  it('is refused when the signature is of something else', () => {
    const refused = { status: 400, body: { Code: 'SignatureDoesNotMatch' } };
    expect(answerTokenRequest('GET', request(), HOST, endpoint())).toMatchObject(refused);
    expect(answerTokenRequest('POST', request().set('MessageType', 'SmsUp'), HOST, endpoint())).toMatchObject(refused);
  });

  it('is refused where no key is known, and where a fault wants it', () => {
    const unknown = answerTokenRequest('POST', request(), HOST, endpoint({ customer: null }));
    expect(unknown).toMatchObject({ status: 404, body: { Code: 'InvalidAccessKeyId.NotFound' } });
    const where = endpoint();
    where.faults.set({ refuseShare: 1 });
    expect(answerTokenRequest('POST', request(), HOST, where)).toMatchObject({ status: 503 });
    expect(where.faults.counts).toEqual({ refuseShare: 1 });
  });
});

it('the time of the vendor is the same all year', () => {
  expect(vendorTime(Date.UTC(2026, 0, 1, 16))).toBe('2026-01-02 00:00:00');
  expect(vendorTime(Date.UTC(2026, 6, 1, 15, 59, 59))).toBe('2026-07-01 23:59:59');
});
