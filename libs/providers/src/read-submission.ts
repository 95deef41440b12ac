import { isUtf8 } from 'node:buffer';
import {
  durationMilliseconds,
  durationText,
  isExactNumber,
  parseJson,
  storableText,
  type CanonicalEvent,
  type Channel,
  type Identity,
  type Labels,
  type ProviderId,
  type Submission,
} from '#contracts';
import { storableOrNull } from './event-values.js';
import { idText, isPresent } from './field-readers.js';
import { listedSender } from './listed-sender.js';
import { plausible } from './plausible-time.js';
import { isUnreadable, type JsonObject, type Provider, type SenderContext, type Unreadable } from './provider.js';
import { rfc3339ToUtc } from './rfc3339-time.js';
import { unreadable, unreadableField } from './unreadable.js';

const TYPE = 'io.quittance.message.submitted.v1';

/** Longest wait for a report, ms. The row must still be there then, and a typing mistake be noticed. */
export const LONGEST_REPORT_WAIT = 90 * 24 * 60 * 60 * 1000;

/** What the configuration says about an account, as far as it matters for submissions. */
export interface AccountContext {
  readonly labels: Labels;
  /** By the number or page. */
  readonly senders: ReadonlyMap<string, SenderContext>;
  /** On which it sends, as far as its sources and senders say. */
  readonly channels: readonly Channel[];
  /** How long to wait for a final report where the submission does not say, ms. */
  readonly expectReportWithin: number;
}

/** What a submission is read with. */
export interface SubmissionContext {
  /** First segment of the events' `source`. */
  readonly installation: string;
  readonly identity: Identity;
  readonly providers: Readonly<Record<string, Provider>>;
  /** Undefined where the provider has no account of that name. */
  readonly account: (provider: string, name: string) => AccountContext | undefined;
  /** Where the record stands: topic/partition/offset. */
  readonly position: string;
  /** Kafka's time of the record; RFC 3339, UTC, milliseconds. */
  readonly receivedAt: string;
}

/** The fields of a submission as text, trimmed; null where there is none. */
interface SubmittedTexts {
  readonly provider: string;
  readonly account: string;
  readonly channel: string | null;
  readonly messageId: string;
  readonly recipient: string;
  readonly sender: string | null;
  readonly reference: string | null;
  readonly submittedAt: string;
  readonly expectReportWithin: string | null;
}

const REQUIRED = ['provider', 'account', 'messageId', 'recipient', 'submittedAt'] as const satisfies readonly Field[];
const OPTIONAL = ['channel', 'sender', 'reference', 'expectReportWithin'] as const satisfies readonly Field[];

/** A misspelt field is none. */
type Field = keyof Submission;

/**
 * What a sending service tells about one message, as an event. Deterministic; never throws on any body. The message key is
 * made by the same function of the provider as for its receipts.
 */
export function readSubmission(body: Buffer, context: SubmissionContext): CanonicalEvent<typeof TYPE> | Unreadable {
  const parsed = parseSubmission(body);
  if (isUnreadable(parsed)) return parsed;
  const texts = readTexts(parsed.fields);
  return isUnreadable(texts) ? texts : eventOf(texts, context);
}

function parseSubmission(body: Buffer): { readonly fields: JsonObject } | Unreadable {
  if (!isUtf8(body)) return unreadable('BODY_NOT_UTF8', `${body.length} bytes`);
  let value: unknown;
  try {
    value = parseJson(body.toString().replace(/^\ufeff/, ''));
  } catch {
    return unreadable('BODY_NOT_JSON', `${body.length} bytes`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isExactNumber(value)) {
    return unreadable('ELEMENT_NOT_OBJECT', 'a submission is one object');
  }
  return { fields: value as JsonObject };
}

/** Numbers are taken for ids as in receipts. Fields that we do not know are those of a later version. */
function readTexts(fields: JsonObject): SubmittedTexts | Unreadable {
  const texts: Partial<Record<Field, string | null>> = {};
  for (const name of REQUIRED) {
    texts[name] = ownText(fields, name);
    if (texts[name] === null) return unreadableField(name, fields[name]);
  }
  for (const name of OPTIONAL) {
    texts[name] = ownText(fields, name);
    const isBlank = typeof fields[name] === 'string' || !isPresent(fields[name]);
    if (texts[name] === null && !isBlank) return unreadableField(name, fields[name]);
  }
  return texts as SubmittedTexts;
}

function ownText(fields: JsonObject, name: Field): string | null {
  return Object.hasOwn(fields, name) ? idText(fields[name]) : null;
}

function eventOf(texts: SubmittedTexts, context: SubmissionContext): CanonicalEvent<typeof TYPE> | Unreadable {
  const { provider, account, messageId, recipient, sender, reference } = texts;
  const vendor = Object.hasOwn(context.providers, provider) ? context.providers[provider] : undefined;
  const settings = context.account(provider, account);
  if (vendor === undefined) return unreadable('ACCOUNT_UNKNOWN', 'no such provider');
  if (settings === undefined) return unreadable('ACCOUNT_UNKNOWN', 'no such account of the provider');

  const listed = sender === null ? undefined : listedSender(sender, settings.senders);
  const channel = (texts.channel ?? listed?.channel ?? onlyChannel(vendor, settings)) as Channel | null;
  if (channel === null) {
    return unreadable(
      'FIELD_MISSING',
      'channel: the account has no single one; name it, or list the sender with its channel',
    );
  }
  const identify = Object.hasOwn(vendor.submissions, channel) ? vendor.submissions[channel] : undefined;
  if (identify === undefined) return unreadable('FIELD_INVALID', 'channel is none that the provider reports on');
  const identified = identify({ channel, messageId, recipient, reference });
  if (isUnreadable(identified)) return identified;

  const submittedAt = plausible(rfc3339ToUtc(texts.submittedAt), context);
  if (submittedAt === null) {
    return unreadable('FIELD_INVALID', 'submittedAt is no time of RFC 3339, or none that can be true');
  }
  const wait = waitOf(texts, settings);
  if (wait === null) {
    return unreadable('FIELD_INVALID', 'expectReportWithin is no ISO 8601 duration of at most 90 days');
  }

  const { identity } = context;
  const messageKey = identity.messageKey(provider, account, identified.identity);
  return {
    // Told again in other words it is still the same submission.
    id: identity.eventId(TYPE, provider, account, identified.identity),
    type: TYPE,
    source: `/${context.installation}/${provider}/${account}`,
    subject: messageKey,
    time: submittedAt,
    // There is no receipt: this leads back to the record all the same.
    receiptId: context.position,
    rawPosition: context.position,
    data: {
      provider: provider as ProviderId,
      account,
      channel,
      labels: listed === undefined ? settings.labels : { ...settings.labels, ...listed.labels },
      messageKey,
      messageId: storableText(messageId),
      sender: storableOrNull(sender),
      recipient: identified.recipient,
      reference: storableOrNull(reference),
      submittedAt,
      expectReportWithin: durationText(wait),
    },
  };
}

/**
 * The channel that goes without saying: the only one of the provider, else the only one of the account; null: there is a
 * choice. Any guess would look for the message's receipts under another key, and then say that none came.
 */
function onlyChannel({ submissions }: Provider, { channels }: AccountContext): Channel | null {
  const reported = Object.keys(submissions) as Channel[];
  const possible = reported.length === 1 ? reported : reported.filter((channel) => channels.includes(channel));
  return possible.length === 1 ? possible[0]! : null;
}

/** Milliseconds; null if what the submission says is no wait. */
function waitOf({ expectReportWithin }: SubmittedTexts, settings: AccountContext): number | null {
  if (expectReportWithin === null) return settings.expectReportWithin;
  const wait = durationMilliseconds(expectReportWithin);
  return wait !== null && wait > 0 && wait <= LONGEST_REPORT_WAIT ? wait : null;
}
