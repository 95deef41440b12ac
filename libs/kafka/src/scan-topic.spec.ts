import { afterEach, expect, it, jest } from '@jest/globals';
import type { IncomingRecord } from './records.js';
import { scanTopic } from './scan-topic.js';
import { TopicReader } from './topic-reader.js';

afterEach(() => {
  jest.restoreAllMocks();
});

it('a scan that is over has left the signal that many scans share: it keeps no reader', async () => {
  const record = { partition: 0, offset: '0' } as IncomingRecord;
  jest.spyOn(TopicReader.prototype, 'read').mockImplementation(async function* () {
    yield await Promise.resolve([record]);
  });
  const close = jest.spyOn(TopicReader.prototype, 'close').mockResolvedValue();
  const stopping = new AbortController();
  await scanTopic({
    kafka: { brokers: ['localhost:1'], clientId: 'scan' },
    topic: 'any',
    stretches: new Map([[0, { from: 0n, to: 1n }]]),
    maxRecords: 1,
    signal: stopping.signal,
    handle: () => Promise.resolve(),
  });
  expect(close).toHaveBeenCalledTimes(1);
  stopping.abort();
  expect(close).toHaveBeenCalledTimes(1);
});
