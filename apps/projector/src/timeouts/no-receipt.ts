import { noReceiptId, type CanonicalEvent } from '#contracts';
import type { Fact } from '../merge/fact-set.js';
import { isReport, waitEndsAt, type MessageFact } from '../merge/message-fact.js';

/** What we say when nothing came, as a revision of tables: there is but one line in this one. */
const MAPPING_REVISION = 1;

/**
 * That no final report about a message came in the time that its submission allows, as an event like any report. It has no
 * segment, so it speaks for every one that nothing final has been said of. Whoever makes it, and however often, its id is
 * the same; null where no submission says how long to wait.
 * @param installation first segment of the event's source
 */
export function noReceiptEvent(
  facts: readonly Fact<MessageFact>[],
  installation: string,
): CanonicalEvent<'io.quittance.message.status-reported.v1'> | null {
  const submitted = facts.find((fact) => !isReport(fact));
  if (submitted === undefined || 'status' in submitted.data) return null;
  const { provider, account, channel, labels, messageKey, messageId, sender, recipient, reference } = submitted.data;
  const occurredAt = waitEndsAt(submitted.data);
  if (occurredAt === null) return null;
  return {
    id: noReceiptId(messageKey),
    type: 'io.quittance.message.status-reported.v1',
    source: `/${installation}/${provider}/${account}`,
    subject: messageKey,
    time: occurredAt,
    // There is no receipt, that is the point: the submission is where it leads back to.
    receiptId: submitted.receiptId,
    ...(submitted.rawPosition === undefined ? {} : { rawPosition: submitted.rawPosition }),
    data: {
      provider,
      account,
      channel,
      labels,
      messageKey,
      messageId,
      sender,
      recipient,
      recipientRaw: null,
      recipientUserId: null,
      segment: null,
      segmentCount: null,
      status: 'expired',
      final: false,
      reason: 'no-receipt',
      retry: 'unknown',
      reportedBy: 'quittance',
      providerStatus: null,
      providerCode: null,
      providerDescription: null,
      reference,
      sentAt: null,
      occurredAt,
      occurredAtFrom: 'observed',
      mappingRevision: MAPPING_REVISION,
      extra: {},
    },
  };
}
