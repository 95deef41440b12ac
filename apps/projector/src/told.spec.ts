import { expect, it } from '@jest/globals';
import type { CanonicalEvent } from '#contracts';
import { countTold } from './told.js';

const RECEIVED_AT = Date.UTC(2026, 6, 9);
/** A UUID of version 7 begins with the time, ms, in 48 bits. */
const RECEIPT_ID = `${RECEIVED_AT.toString(16)
  .padStart(12, '0')
  .replace(/^(.{8})/, '$1-')}-7000-8000-000000000000`;

function change(about: Partial<CanonicalEvent>): CanonicalEvent {
  return {
    type: 'io.quittance.message.status-changed.v1',
    receiptId: RECEIPT_ID,
    data: {},
    ...about,
  } as CanonicalEvent;
}

it('countTold: what an operator sent in again has no age, and what came from no receipt neither', () => {
  expect(countTold([change({}), change({ redriven: true }), change({ receiptId: '' })])).toEqual({
    changes: { 'io.quittance.message.status-changed.v1': 3 },
    conflicting: 0,
    receivedAt: [RECEIVED_AT],
    redriven: 1,
  });
});
