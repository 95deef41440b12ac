import { describe, expect, it } from '@jest/globals';
import { compareDeadLetters } from './dead-letters.js';
import type { Truth } from './truth.js';

const POISON = ['malformed-1234567890-0', 'malformed-1234567890-1'];

async function* truth(): AsyncGenerator<Truth> {
  for (const mark of POISON) yield await Promise.resolve({ kind: 'poison', source: 'ali-sms-up', door: 'queue', mark });
}

function seen(...marks: (string | null)[]) {
  return marks.map((mark) => ({ mark, text: 'BODY_NOT_JSON, from ali-sms-up' }));
}

describe('compareDeadLetters', () => {
  it('wants each poison, however often, and nothing else', async () => {
    expect(await compareDeadLetters(truth(), seen(POISON[0]!, POISON[1]!, POISON[1]!))).toEqual({
      found: 2,
      missing: 0,
      wrong: [],
    });
  });

  it('names what is missing and what nobody sent on purpose', async () => {
    expect(await compareDeadLetters(truth(), seen(POISON[0]!, null, 'malformed-1234567890-9'))).toEqual({
      found: 3,
      missing: 1,
      wrong: [
        'a dead letter that is no poison: BODY_NOT_JSON, from ali-sms-up',
        'a dead letter that is no poison: BODY_NOT_JSON, from ali-sms-up',
        'poison malformed-1234567890-1 (ali-sms-up, by queue): no dead letter',
      ],
    });
  });
});
