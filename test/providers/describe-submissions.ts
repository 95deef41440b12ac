import { expect, it } from '@jest/globals';
import type { CanonicalEvent, Channel, MessageStatusReported } from '#contracts';
import { isUnreadable, readSubmission, type Provider } from '#providers';
import { expectValidEvent } from '../contracts/validate-event.js';
import type { Fixture } from './fixtures.js';
import { CONTEXT, dataOf, read } from './read.js';

/**
 * A submission and the receipts of the same message must give the same key, however the sending service writes the
 * number: every delivery report among the fixtures is turned round into what the sending service would have said.
 */
export function describeSubmissions(provider: Provider, fixtures: readonly Fixture[]): void {
  const reports = fixtures.flatMap(({ type, body }) => read(type, body).events.filter(isReport));

  it('knows how submissions name messages on every channel that it reports on, and on no other', () => {
    const channels = new Set(reports.map(({ data }) => data.channel));
    expect(reports.length).toBeGreaterThan(0);
    expect([...channels].filter((channel) => !Object.hasOwn(provider.submissions, channel))).toEqual([]);
    const possible = new Set<Channel>(Object.values(provider.receiptTypes).flatMap(({ channel }) => channel ?? CHATS));
    expect(Object.keys(provider.submissions).filter((channel) => !possible.has(channel as Channel))).toEqual([]);
  });

  it('gives a submission the key of its receipts, however the number is written', () => {
    for (const { subject, data } of reports) {
      for (const recipient of waysToWrite(data)) {
        const submitted = submit(provider, data, recipient);
        expect({ recipient, key: submitted.subject }).toEqual({ recipient, key: subject });
        expectValidEvent(submitted.type, dataOf(submitted));
      }
    }
  });

  it('tells other messages apart', () => {
    for (const { subject, data } of reports) {
      const other = { ...data, messageId: `${data.messageId}0`, reference: `${data.reference}0` };
      expect(submit(provider, other, waysToWrite(data)[0]!).subject).not.toBe(subject);
    }
  });
}

/** Channels of receipt types that do not say theirs. */
const CHATS: readonly Channel[] = ['whatsapp', 'viber', 'messenger', 'instagram'];

function isReport(event: CanonicalEvent): event is CanonicalEvent<'io.quittance.message.status-reported.v1'> {
  return event.type === 'io.quittance.message.status-reported.v1';
}

/** The number as services write it; where its country is not certain, as it was given to the provider. */
function waysToWrite({ recipient, recipientRaw, extra }: MessageStatusReported): readonly string[] {
  // One provider reports the country code in a field of its own.
  const code = typeof extra.nationcode === 'string' ? `+${extra.nationcode}` : '';
  if (recipient === null) return [recipientRaw === null ? 'somebody' : code + recipientRaw];
  const ways = [recipient, `00${recipient.slice(1)}`, ` ${recipient} `];
  // Bare digits are read as the mainland products read them, where 11 digits that begin with 1 are a mobile in China.
  return /^\+861\d{10}$/.test(recipient) ? [...ways, recipient.slice(1), recipient.slice(3)] : ways;
}

function submit(provider: Provider, report: MessageStatusReported, recipient: string): CanonicalEvent {
  const submission = {
    provider: provider.id,
    account: CONTEXT.account,
    channel: report.channel,
    // Receipts of cards name no id of the vendor.
    messageId: report.messageId ?? 'the id of a card',
    recipient,
    reference: report.reference,
    submittedAt: '2026-07-09T11:01:19+08:00',
  };
  const event = readSubmission(Buffer.from(JSON.stringify(submission)), {
    installation: 'quittance',
    identity: CONTEXT.identity,
    providers: { [provider.id]: provider },
    account: () => ({ labels: {}, senders: CONTEXT.senders, channels: [], expectReportWithin: 3_600_000 }),
    position: 'quittance.submissions.v1/0/1',
    receivedAt: CONTEXT.receivedAt,
  });
  if (isUnreadable(event)) throw new Error(`${event.code} ${event.detail}`);
  return event;
}
