import { describe, expect, it } from '@jest/globals';
import { file, load, refused } from './configurations-for-tests.js';

describe('the channels of an account', () => {
  const WHATSAPP = '{ provider: alibaba, senders: { 1: { channel: whatsapp }, 2: { labels: {} } } }';

  it.each([
    ['its own sources say', '{ provider: alibaba }', ['SmsUp', 'SmsReport'], ['sms']],
    ['its senders say, where its sources do not', WHATSAPP, ['ChatAppStatus'], ['whatsapp']],
    ['its sources say, where its senders have nothing to say in them', WHATSAPP, ['SmsReport'], ['sms']],
    ['nobody says', '{ provider: alibaba }', [], []],
  ])('are what %s', (_what, account, receipts, channels) => {
    const sources = receipts.map((receipt) => `{ id: ${receipt.toLowerCase()}, account: main, receipt: ${receipt} }`);
    const other = '{ id: other, account: other, receipt: ChatAppStatus, channel: viber }';
    const yaml = file({
      accounts: `accounts: { main: ${account}, other: { provider: alibaba } }`,
      sources: `sources: [${[...sources, other].join(', ')}]`,
    });
    expect(load(yaml).accounts.get('main')?.channels).toEqual(channels);
  });
});

describe('the wait for a report', () => {
  const waiting = (wait: string) =>
    file({ accounts: `accounts: { main: { provider: alibaba, expectReportWithin: ${wait} } }` });

  it.each(['1s', '72h', '90d'])('may be %s', (wait) => {
    expect(load(waiting(wait)).accounts.get('main')?.expectReportWithin).toBeGreaterThanOrEqual(1_000);
  });

  it.each(['0s', '91d', '72', 'PT72H', 'never'])('is not %s', (wait) => {
    expect(refused(waiting(wait)).lines).toEqual([
      expect.stringMatching(/^accounts\.main\.expectReportWithin: must be/),
    ]);
  });
});
