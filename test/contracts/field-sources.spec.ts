import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fieldSourcesPage } from './field-sources-page.js';
import { findFieldSources } from './field-sources.js';
import { ROOT } from './published-schemas.js';

const PAGE = join(ROOT, 'docs', 'contracts', 'field-sources.md');

describe('field sources', () => {
  const sources = findFieldSources();

  it('docs/contracts/field-sources.md says what the mappings do', () => {
    const page = fieldSourcesPage(sources);
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(PAGE, page);
    expect(existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : 'no page').toBe(page);
  });

  it('every receipt type becomes an event, whose id comes from fields of the provider alone', () => {
    for (const { provider, receipt, events } of sources) {
      expect({ receipt, events: events.size }).not.toEqual({ receipt, events: 0 });
      for (const fields of events.values()) {
        expect({ provider, receipt, id: fields.get('id')?.fields }).not.toMatchObject({ id: [] });
      }
    }
  });

  it('finds what a mapping is known to do', () => {
    const status = sources.find(({ receipt }) => receipt === 'SmsStatus');
    const fields = status?.events.get('io.quittance.message.status-reported.v1');
    expect(fields?.get('messageKey')?.fields).toEqual(['mobile', 'nationcode', 'sid']);
    expect(fields?.get('status')?.fields).toEqual(['errmsg', 'report_status']);
    expect(fields?.get('occurredAt')).toMatchObject({
      fields: ['user_receive_time'],
      others: ['header `observed-at`', "the account's `timeZone`"],
    });
    expect(fields?.get('sentAt')).toEqual({ fields: [], others: [], values: ['null'] });
    expect(fields?.get('extra')?.fields).toContain('sub_error');
    expect(status?.needed).toEqual(['mobile', 'sid']);
  });
});
