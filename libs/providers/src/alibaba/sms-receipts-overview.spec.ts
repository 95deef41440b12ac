import { describe, expect, it } from '@jest/globals';
import { eventFrom, read } from '../../../../test/providers/read.js';
import { alibaba } from './provider.js';
import { smsReport } from './sms-report.js';

/** One made-up receipt of each type, as its own page shows it. */
const RECEIPTS: Readonly<Record<string, object>> = {
  SmsUp: {
    phone_number: '13800000001',
    content: 'TD',
    send_time: '2026-07-09 11:05:02',
    dest_code: '2493559',
    sequence_id: '1234567890',
  },
  SmsReport: { phone_number: '13800000001', success: true, err_code: 'DELIVERED', biz_id: '900000000000000001^0' },
  GlobeSmsReport: { to: '85260000001', status: '1', message_id: '900000000003', error_code: 'DELIVERED' },
  SignSmsReport: { sign_name: '示例科技', sign_status: 'approved', orderId: '20000000001' },
  TemplateSmsReport: { template_code: 'SMS_100000001', template_status: 'rejected', orderId: '20000000002' },
  MnsCardVender: { mobile: '13800000001', outId: 'card-1', render_status: '0' },
  MnsCardTemplate: { template_code: 'CARD_SMS_0001', approval_status: 1, tmpOps: [] },
};

const TYPES = Object.keys(RECEIPTS).map((name) => alibaba.receiptTypes[name]!);

describe('vendor page alibaba-sms-receipts-overview, line by line', () => {
  it.each([
    ['SmsUp (for MO messages)', 'SmsUp', 'sms', 'io.quittance.message.originated.v1'],
    ['SmsReport (for delivery reports)', 'SmsReport', 'sms', 'io.quittance.message.status-reported.v1'],
    ['Note: GlobeSmsReport abroad', 'GlobeSmsReport', 'sms', 'io.quittance.message.status-reported.v1'],
    ['SignSmsReport (for signature review status)', 'SignSmsReport', 'sms', 'io.quittance.review.status-reported.v1'],
    [
      'TemplateSmsReport (for template review status)',
      'TemplateSmsReport',
      'sms',
      'io.quittance.review.status-reported.v1',
    ],
    [
      'MnsCardVender (for card message rendering)',
      'MnsCardVender',
      'card-sms',
      'io.quittance.message.status-reported.v1',
    ],
    [
      'MnsCardTemplate (for card message template review status)',
      'MnsCardTemplate',
      'card-sms',
      'io.quittance.review.status-reported.v1',
    ],
  ])('%s', (_line, name, channel, eventType) => {
    const type = alibaba.receiptTypes[name]!;
    expect(type.name).toBe(name);
    expect(eventFrom(type, RECEIPTS[name]!)).toMatchObject({ type: eventType, data: { channel } });
  });

  describe.each(TYPES)('$name', (type) => {
    const receipt = JSON.stringify(RECEIPTS[type.name]);

    it('comes by queue, one a message, and by HTTP, in an array: the same events', () => {
      expect(read(type, receipt).events).toHaveLength(1);
      expect(read(type, `[${receipt}]`).events).toEqual(read(type, receipt).events);
    });

    it('may be received twice: "message receipts do not guarantee idempotence"', () => {
      const { events } = read(type, `[${receipt},${receipt}]`);
      expect(new Set(events.map(({ id }) => id)).size).toBe(1);
      expect(events).toHaveLength(2);
    });

    it('is answered within the limit of 700 ms', () => {
      expect(type.deadline).toBeLessThan(700);
    });
  });

  it('"Messages sent to the Chinese mainland": the country of 11 digits is certain', () => {
    expect(eventFrom(smsReport, RECEIPTS.SmsReport!)).toMatchObject({ data: { recipient: '+8613800000001' } });
  });

  it('"Click Test": the answer is of the form {"code": 0, "msg": "Success"}', () => {
    expect(JSON.parse(alibaba.answer.body)).toEqual({ code: 0, msg: expect.any(String) });
    expect(alibaba.answer.status).toBe(200);
  });

  it('"a test receipt": an array without receipts is taken and leaves nothing behind', () => {
    for (const type of TYPES) expect(read(type, '[]')).toEqual({ events: [], deadLetters: [], elements: 0 });
  });
});
