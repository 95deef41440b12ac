import { describe, expect, it } from '@jest/globals';
import { topicNames } from '#contracts';
import { deadLetterRecord, type DeadLetter, type IncomingRecord } from '#kafka';
import { redrivenRecord } from './redriven-record.js';

const TOPICS = topicNames('q.');
const LETTER: DeadLetter = {
  code: 'FIELD_MISSING',
  detail: 'x',
  stage: 'normaliser',
  element: null,
  value: null,
  reader: '1',
};

function failed(topic: string, changes: Partial<IncomingRecord> = {}): IncomingRecord {
  const headers = { 'receipt-id': Buffer.from('r'), 'received-at': Buffer.from('t'), transport: Buffer.from('http') };
  return { topic, partition: 0, offset: '5', timestamp: 1, key: null, value: Buffer.from('[1]'), headers, ...changes };
}

/** The letter of a record, as it is read from its topic. */
function letterOf(record: IncomingRecord, changes: Partial<DeadLetter> = {}): IncomingRecord {
  const { key, value, headers } = deadLetterRecord(TOPICS['dead-letters.v1'], record, { ...LETTER, ...changes });
  const bytes = (text: string | Buffer) => Buffer.from(text as string);
  return {
    ...record,
    topic: TOPICS['dead-letters.v1'],
    partition: 3,
    offset: '128',
    key: key === null ? null : bytes(key),
    value: bytes(value),
    headers,
  };
}

describe('what a dead letter is redriven as', () => {
  it('is the receipt that it was, through another door', () => {
    const receipt = failed(TOPICS['raw-receipts.v1']);
    expect(redrivenRecord(letterOf(receipt), TOPICS)).toEqual({
      topic: receipt.topic,
      key: null,
      value: receipt.value,
      headers: { ...receipt.headers, transport: 'redrive', 'redriven-from': '3/128' },
    });
  });

  it('is the element alone where one failed, not packed any more', () => {
    const receipt = failed(TOPICS['raw-receipts.v1'], { headers: { 'content-encoding': Buffer.from('gzip') } });
    const redriven = redrivenRecord(letterOf(receipt, { element: 4, value: Buffer.from('{}') }), TOPICS);
    expect(redriven).toMatchObject({ value: Buffer.from('{}') });
    expect(redriven).not.toHaveProperty('headers.content-encoding');
  });

  it('is the event that it was, with its key', () => {
    const event = failed(TOPICS['events.v1'], { key: Buffer.from('k'), headers: { ce_id: Buffer.from('i') } });
    expect(redrivenRecord(letterOf(event, { stage: 'projector' }), TOPICS)).toMatchObject({
      topic: event.topic,
      key: event.key,
      headers: { ce_id: Buffer.from('i'), transport: 'redrive', 'redriven-from': '3/128' },
    });
  });

  it('names the letter that it came from last', () => {
    const receipt = failed(TOPICS['submissions.v1'], { headers: { 'redriven-from': Buffer.from('1/2') } });
    expect(redrivenRecord(letterOf(receipt), TOPICS)).toMatchObject({ headers: { 'redriven-from': '3/128' } });
  });

  it('is nothing where its bytes were too many for a dead letter, or it came from elsewhere', () => {
    const large = failed(TOPICS['raw-receipts.v1'], { value: Buffer.alloc(1_048_000) });
    expect(redrivenRecord(letterOf(large), TOPICS)).toBe('left-at-origin');
    expect(redrivenRecord(letterOf(failed('q.message-status.v1')), TOPICS)).toBe('origin-unknown');
    expect(redrivenRecord(letterOf(failed('other.raw-receipts.v1')), TOPICS)).toBe('origin-unknown');
  });
});
