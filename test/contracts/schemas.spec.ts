import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import {
  dataSchema,
  EVENT_TYPES,
  schemaFile,
  SUBMISSION_SCHEMA_FILE,
  type EventType,
  type Submission,
} from '#contracts';
import { generateSchemas, generateSubmissionSchema } from './generate-schemas.js';
import { publishedSchema, ROOT, schemaPath } from './published-schemas.js';
import { eventProblems, expectValidEvent } from './validate-event.js';

const DIRECTORY = dirname(schemaPath('io.quittance.message.submitted.v1'));
const TYPES = Object.keys(EVENT_TYPES) as EventType[];

/** Data that keeps the contract of `review.status-reported`. */
const REVIEW = {
  provider: 'alibaba',
  account: 'main',
  channel: 'sms',
  labels: { unit: 'retail' },
  reviewKey: '3b2a1f52-6f0e-5d0c-9a39-5b8f2f3b7f10',
  subject: { kind: 'sms-template', id: 'SMS_1', name: null, language: null },
  reviewId: null,
  status: 'approved',
  reason: null,
  providerStatus: 'approved',
  verdicts: [],
  submittedAt: null,
  occurredAt: '2026-07-09T03:01:34.000Z',
  occurredAtFrom: 'observed',
  mappingRevision: 1,
  extra: { anything: [1] },
};

describe('published schemas', () => {
  const generated = generateSchemas(ROOT);

  it.each(TYPES)('%s is what the type says', (type) => {
    const text = `${JSON.stringify(generated.get(type), null, 2)}\n`;
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(schemaPath(type), text);
    expect(readFileSync(schemaPath(type), 'utf8')).toBe(text);
  });

  it('are one file per event type, one for submissions, and nothing else', () => {
    const files = readdirSync(DIRECTORY).filter((file) => file.endsWith('.schema.json'));
    expect(files.sort()).toEqual([...TYPES.map(schemaFile), SUBMISSION_SCHEMA_FILE].sort());
  });

  it.each(TYPES)('%s requires every field and is named by its dataschema', (type) => {
    const schema = publishedSchema(type);
    expect(schema.$id).toBe(dataSchema(type));
    expect([...(schema.required as string[])].sort()).toEqual(Object.keys(schema.properties as object).sort());
  });

  it('let a subscriber of today read the events of a later v1', () => {
    const ajv = new Ajv({ allowUnionTypes: true });
    addFormats.default(ajv);
    const validate = ajv.compile(publishedSchema('io.quittance.review.status-reported.v1'));
    expect(validate({ ...REVIEW, status: 'a-later-status', aLaterField: 1 })).toBe(true);
    expect(validate({ ...REVIEW, status: 7 })).toBe(false);
  });
});

describe('the schema of submissions', () => {
  const path = join(DIRECTORY, SUBMISSION_SCHEMA_FILE);

  it('is what the type says', () => {
    const text = `${JSON.stringify(generateSubmissionSchema(ROOT), null, 2)}\n`;
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, text);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('takes what a sending service must say, and what it may, and no less', () => {
    const ajv = new Ajv({ allowUnionTypes: true });
    addFormats.default(ajv);
    const validate = ajv.compile(JSON.parse(readFileSync(path, 'utf8')) as object);
    const least: Submission = {
      provider: 'huawei',
      account: 'hw',
      messageId: 'id',
      recipient: '+8613800000001',
      submittedAt: '2026-07-09T11:01:19+08:00',
    };
    expect(validate(least)).toBe(true);
    expect(validate({ ...least, channel: null, sender: 's', reference: 'r', expectReportWithin: 'PT72H' })).toBe(true);
    expect(validate({ ...least, aLaterField: 1 })).toBe(true);
    for (const name of Object.keys(least)) expect(validate({ ...least, [name]: undefined })).toBe(false);
    expect(validate({ ...least, messageId: '' })).toBe(false);
    expect(validate({ ...least, submittedAt: 'yesterday' })).toBe(false);
    expect(validate({ ...least, expectReportWithin: '72h' })).toBe(false);
  });
});

describe('the strict form', () => {
  const type = 'io.quittance.review.status-reported.v1';

  it('accepts what keeps the contract', () => {
    expectValidEvent(type, REVIEW);
  });

  it.each([
    ['an unknown field', { ...REVIEW, surprise: 1 }],
    ['an unknown field further down', { ...REVIEW, subject: { ...REVIEW.subject, surprise: 1 } }],
    ['an unknown value', { ...REVIEW, status: 'surprise' }],
    ['a missing field', { ...REVIEW, reason: undefined }],
    ['a time without milliseconds', { ...REVIEW, occurredAt: '2026-07-09T03:01:34Z' }],
    ['a count that is no integer', { ...REVIEW, mappingRevision: 1.5 }],
    ['a key that is no UUID', { ...REVIEW, reviewKey: 'SMS_1' }],
  ])('refuses %s', (_what, data) => {
    expect(eventProblems(type, JSON.parse(JSON.stringify(data)))).not.toEqual([]);
  });
});
