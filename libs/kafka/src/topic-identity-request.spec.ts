import { describe, expect, it } from '@jest/globals';
import { decodeAnswer, encodeRequest } from './topic-identity-request.js';

const ID = Buffer.from('00112233445566778899aabbccddeeff', 'hex');

/** An answer as https://kafka.apache.org/protocol#The_Messages_Metadata lays it out, with tagged fields where they may be. */
function answer({ id = ID, cluster = Buffer.from([3, 0x63, 0x31]), errorCode = 0 } = {}): Buffer {
  return Buffer.concat([
    Buffer.from([1, 9, 2, 0xff, 0xff]), // head: one tag of two bytes
    Buffer.alloc(4),
    Buffer.from([2, 0, 0, 0, 1, 3, 0x68, 0x31, 0, 0, 0x23, 0x84, 0, 0]), // one broker: 1, h1, 9092, no rack
    cluster,
    Buffer.alloc(4),
    Buffer.from([2, 0, errorCode, 2, 0x74]),
    id,
    Buffer.from([0, 1]),
  ]);
}

describe('the request for a topic id', () => {
  it('is laid out as the protocol says', () => {
    expect(encodeRequest('ab').toString('hex')).toBe(`0002${'00'.repeat(16)}03616200000000` + '00');
  });

  it('takes the longest name that a topic may have', () => {
    // 250 = 0xfa: seven bits, then one.
    expect(encodeRequest('a'.repeat(249)).subarray(18, 20).toString('hex')).toBe('fa01');
  });

  it('finds both ids in the answer', () => {
    expect(decodeAnswer(answer())).toEqual({ clusterId: 'c1', topicId: 'ABEiM0RVZneImaq7zN3u_w', errorCode: 0 });
  });

  it('knows what a cluster without ids says, and what an error does', () => {
    expect(decodeAnswer(answer({ id: Buffer.alloc(16), cluster: Buffer.from([0]), errorCode: 3 }))).toEqual({
      clusterId: null,
      topicId: null,
      errorCode: 3,
    });
  });

  it('refuses an answer that ends early, wherever it does', () => {
    const whole = answer();
    // The last two bytes are not looked at.
    for (let length = 0; length < whole.length - 2; length++) {
      expect(() => decodeAnswer(whole.subarray(0, length))).toThrow(RangeError);
    }
  });
});
