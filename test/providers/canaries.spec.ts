import { describe, expect, it } from '@jest/globals';
import { CANARY_PREFIX, PROVIDERS, verifyPush } from '#providers';
import { read } from './read.js';

const AT = Date.parse('2026-07-09T03:01:33Z');
const MESSAGE_ID = `${CANARY_PREFIX}0198f2c0-1111-7000-8000-000000000001`;
const ALL = Object.values(PROVIDERS).flatMap(({ id, canaries, receiptTypes }) =>
  Object.entries(canaries).map(([name, make]) => ({ id, name, make, type: receiptTypes[name]! })),
);

describe('canaries', () => {
  it.each(ALL)(
    'of $id $name are read as the delivery of a message whose id tells that nobody sent it',
    ({ make, type }) => {
      const { body } = make({ messageId: MESSAGE_ID, at: AT, sender: '8613100000008' });
      const { events, deadLetters } = read(type, body);
      expect(deadLetters).toEqual([]);
      expect(events).toHaveLength(1);
      expect(events[0]).toMatchObject({
        type: 'io.quittance.message.status-reported.v1',
        data: { messageId: MESSAGE_ID, status: 'delivered', final: true, occurredAt: '2026-07-09T03:01:33.000Z' },
      });
    },
  );

  it('are signed where the provider signs', () => {
    for (const { checkSignature, signPush, canaries } of Object.values(PROVIDERS)) {
      expect(signPush === undefined).toBe(checkSignature === undefined);
      if (checkSignature === undefined || signPush === undefined) continue;
      const key = { accessKey: 'ak', secretKey: 'secret-of-the-tests' };
      for (const make of Object.values(canaries)) {
        const { contentType, body } = make({ messageId: MESSAGE_ID, at: AT, sender: null });
        const headers = { host: 'receipts.example.com', 'content-type': contentType };
        const push = { method: 'POST', target: '/receipts/a/b', body: Buffer.from(body) };
        const signed = { ...headers, ...signPush({ ...push, headers }, key, AT) };
        const verified = verifyPush(
          checkSignature,
          { ...push, headers: Object.entries(signed).flat() },
          { secrets: new Map([['ak', key.secretKey]]), maxSkew: 1_000, signedHeaders: new Map() },
          AT,
        );
        expect(verified).toMatchObject({ proof: { accessKey: 'ak' } });
      }
    }
  });

  it('are there for deliveries only, and every receipt type says where its address is entered', () => {
    for (const { receiptTypes, canaries, consoles } of Object.values(PROVIDERS)) {
      expect(Object.keys(consoles).sort()).toEqual(Object.keys(receiptTypes).sort());
      expect(Object.keys(canaries).filter((name) => receiptTypes[name] === undefined)).toEqual([]);
    }
  });
});
