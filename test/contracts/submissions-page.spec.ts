import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { SUBMISSION_SCHEMA_FILE } from '#contracts';
import { isUnreadable, PROVIDERS, readSubmission } from '#providers';
import { CONTEXT } from '../providers/read.js';
import { ROOT } from './published-schemas.js';

const PAGE = readFileSync(join(ROOT, 'docs', 'submissions.md'), 'utf8');
const SCHEMA = JSON.parse(readFileSync(join(ROOT, 'docs', 'contracts', SUBMISSION_SCHEMA_FILE), 'utf8')) as {
  readonly properties: object;
  readonly required: readonly string[];
};

/** The example in JSON, and the one that is piped into Kafka's own producer. */
const EXAMPLES = [/```json\n([^`]+)```/, /echo '([^']+)'/].map((pattern) => pattern.exec(PAGE)?.[1] ?? '');

describe('docs/submissions.md', () => {
  it.each(EXAMPLES)('shows a submission that is one: %j', (example) => {
    const ajv = new Ajv({ allowUnionTypes: true });
    addFormats.default(ajv);
    expect(ajv.validate(SCHEMA, JSON.parse(example))).toBe(true);
    const event = readSubmission(Buffer.from(example), {
      installation: 'quittance',
      identity: CONTEXT.identity,
      providers: PROVIDERS,
      account: () => ({ labels: {}, senders: new Map(), channels: [], expectReportWithin: 1 }),
      position: 'quittance.submissions.v1/0/0',
      receivedAt: CONTEXT.receivedAt,
    });
    expect(isUnreadable(event)).toBe(false);
  });

  it('has a row for every field, which says whether it is needed', () => {
    const rows = [...PAGE.matchAll(/^\| (`[^|]+`) +\| (yes|no) +\|/gm)].flatMap(([, names, needed]) =>
      [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => [name!, needed === 'yes'] as const),
    );
    const fields = Object.keys(SCHEMA.properties).map((name) => [name, SCHEMA.required.includes(name)] as const);
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(fields));
  });

  it('names every provider and channel that can be told of', () => {
    for (const provider of Object.keys(PROVIDERS)) expect(PAGE).toContain(`| \`${provider}\``);
    for (const channel of ['sms', 'card-sms', 'whatsapp']) expect(PAGE).toContain(`\`alibaba\`, \`${channel}\``);
  });
});
