import { randomUUID } from 'node:crypto';
import { encodeEvent } from '#contracts';
import type { OutgoingRecord } from '#kafka';
import { courseOf, reportEvent, type Copy } from './messages.js';

/** Of all records. */
const DUPLICATES = 0.3;
const POISON = 0.01;
const SEED = 20_261_121;

const COPIES: readonly Copy[] = ['pushed again', 'from the queue', 'normalised again'];

/** What is to be written: a report, a copy of one, or what can never be projected. */
export type Item =
  { readonly message: number; readonly step: number; readonly copy: Copy } | { readonly poison: number };

/** What a topic in disorder holds. */
export interface Disorder {
  readonly items: readonly Item[];
  readonly messages: number;
  readonly poison: number;
}

/**
 * About `records` records: reports of messages 0 and up, all of each; 30 % of the records copies of them, by either door
 * or because a normaliser did its work twice; 1 % poison; and everything shuffled over the whole topic. Always the same.
 */
export function disorder(records: number): Disorder {
  const random = randomNumbers(SEED);
  const facts: Item[] = [];
  let messages = 0;
  for (; facts.length < records * (1 - DUPLICATES - POISON); messages++) {
    for (const step of courseOf(messages).reports.keys()) facts.push({ message: messages, step, copy: 'first' });
  }
  const items = [...facts];
  const wanted = Math.round((facts.length * DUPLICATES) / (1 - DUPLICATES - POISON));
  for (let number = 0; number < wanted; number++) {
    const original = facts[Math.floor(random() * facts.length)]!;
    items.push({ ...original, copy: COPIES[number % COPIES.length]! });
  }
  const poison = Math.round((facts.length * POISON) / (1 - DUPLICATES - POISON));
  for (let number = 0; number < poison; number++) items.push({ poison: number });
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [items[at], items[other]] = [items[other]!, items[at]!];
  }
  return { items, messages, poison };
}

/** An item as the record that is written. */
export function recordOf(item: Item, topic: string): OutgoingRecord {
  if ('poison' in item) return poisonRecord(item.poison, topic);
  return { topic, ...encodeEvent(reportEvent(item.message, item.step, item.copy)) };
}

/** Ways of breaking the contract: by a producer of another version, by one that is no Quittance, by a value that Postgres refuses. */
const SPOILED: readonly ((record: OutgoingRecord) => Partial<OutgoingRecord>)[] = [
  ({ value }) => ({ value: value.slice(0, value.length / 2) }),
  ({ headers }) => ({ headers: { ...headers, ce_id: 'none' } }),
  ({ headers }) => ({ headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'ce_subject')) }),
  ({ headers }) => ({ headers: { ...headers, ce_type: 'io.quittance.message.status-reported.v9' } }),
  ({ value }) => ({ value: value.toString().replace('"status":', '"state":') }),
  ({ value }) => ({ value: value.toString().replace(/"occurredAt":"[^"]*"/, '"occurredAt":"yesterday"') }),
  ({ value }) => ({ value: value.toString().replace(/"occurredAt":"[^T]*/, '"occurredAt":"2026-02-30') }),
  ({ value }) => ({ value: value.toString().replace('"account":"main"', '"account":"ma\\u0000in"') }),
  () => ({ value: '' }),
];

function poisonRecord(number: number, topic: string): OutgoingRecord {
  const event = { ...reportEvent(number, 0), subject: randomUUID() };
  const record = { topic, ...encodeEvent(event) };
  return { ...record, ...SPOILED[number % SPOILED.length]!(record) };
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
