import { Equals, IsBoolean, IsIn, IsInt, IsString, Matches, Max, Min } from 'class-validator';
import { addressProblem } from '../address-list.js';
import { DURATION_ADVICE, parseDuration } from '../duration.js';
import type { Rule } from './shape.js';
import { listOf, mappingOf, Obeys, Optional, shapedLike, textLike } from './shape.js';

/** The file as people write it; docs/configuration.md explains every setting. */

/** Longest deadline, ms: the ingress cuts a request off for good somewhat later. */
export const LONGEST_DEADLINE = 10_000;
const SHORTEST_DEADLINE = 50;

/** Longest wait for a report, ms; that of a submission is not longer either. */
const LONGEST_REPORT_WAIT = 90 * 86_400_000;

/** Bounds of what a source may be expected to be silent for, ms: shorter than a scrape or two nobody can tell. */
const SHORTEST_SILENCE = 60_000;
const LONGEST_SILENCE = 31 * 86_400_000;

/** Longest time that a queue keeps a request for messages open, ms (`waitseconds` of MNS, 0 to 30). */
const LONGEST_WAIT = 30_000;
/** Most requests for messages that one source has under way at once. */
const MOST_RECEIVES = 64;
const RECEIVES_ADVICE = `must be a whole number from 1 to ${MOST_RECEIVES}`;

/** Every channel of the contract. */
export const CHANNELS = ['sms', 'card-sms', 'whatsapp', 'viber', 'messenger', 'instagram'] as const;

const CHANNEL_ADVICE = `must be one of ${CHANNELS.join(', ')}`;
const NAME = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  advice: 'must be named by up to 64 letters, digits, dots, dashes or underscores',
};
const LABEL = { pattern: /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/, advice: NAME.advice };
const SENDER = {
  pattern: /^\S{1,128}$/,
  advice: 'must be the number or page that the provider reports, without spaces',
};

const labels = mappingOf(LABEL, textLike(/^[^\0]{0,256}$/, 'must be text of at most 256 characters'));
const addresses = listOf(networkRule, { least: 1 });
const tokens = listOf(textLike(/^[A-Za-z0-9_-]{16,200}$/, 'must be 16 to 200 letters, digits, dashes or underscores'), {
  least: 1,
  most: 2,
});

function networkRule(value: unknown): ReturnType<Rule> {
  const problem = typeof value === 'string' ? addressProblem(value) : 'must be text; put it in quotes';
  return problem === null ? [] : [{ path: '', message: problem }];
}

function deadlineRule(value: unknown): ReturnType<Rule> {
  const duration = typeof value === 'string' ? parseDuration(value) : null;
  if (duration === null) return [{ path: '', message: DURATION_ADVICE }];
  if (duration >= SHORTEST_DEADLINE && duration <= LONGEST_DEADLINE) return [];
  return [{ path: '', message: `must be between ${SHORTEST_DEADLINE}ms and ${LONGEST_DEADLINE / 1000}s` }];
}

function maxSkewRule(value: unknown): ReturnType<Rule> {
  const duration = typeof value === 'string' ? parseDuration(value) : null;
  return duration === null || duration === 0 ? [{ path: '', message: DURATION_ADVICE }] : [];
}

function waitRule(value: unknown): ReturnType<Rule> {
  const duration = typeof value === 'string' ? parseDuration(value) : null;
  if (duration === null) return [{ path: '', message: DURATION_ADVICE }];
  if (duration >= 1_000 && duration <= LONGEST_WAIT && duration % 1_000 === 0) return [];
  return [{ path: '', message: `must be whole seconds, 1s to ${LONGEST_WAIT / 1_000}s` }];
}

function reportWaitRule(value: unknown): ReturnType<Rule> {
  const duration = typeof value === 'string' ? parseDuration(value) : null;
  if (duration === null) return [{ path: '', message: DURATION_ADVICE }];
  if (duration >= 1_000 && duration <= LONGEST_REPORT_WAIT) return [];
  return [{ path: '', message: `must be between 1s and ${LONGEST_REPORT_WAIT / 86_400_000}d` }];
}

function silenceRule(value: unknown): ReturnType<Rule> {
  const duration = typeof value === 'string' ? parseDuration(value) : null;
  if (duration === null) return [{ path: '', message: DURATION_ADVICE }];
  if (duration >= SHORTEST_SILENCE && duration <= LONGEST_SILENCE) return [];
  return [{ path: '', message: `must be between ${SHORTEST_SILENCE / 60_000}m and ${LONGEST_SILENCE / 86_400_000}d` }];
}

function timeZoneRule(value: unknown): ReturnType<Rule> {
  return isTimeZone(value) ? [] : [{ path: '', message: 'must be an IANA time zone, such as Asia/Shanghai' }];
}

function isTimeZone(value: unknown): boolean {
  if (typeof value !== 'string' || !/^[A-Za-z]/.test(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

/** What a business number or page is. */
export class SenderSettings {
  @Optional()
  @IsIn(CHANNELS, { message: CHANNEL_ADVICE })
  channel?: (typeof CHANNELS)[number];

  @Optional()
  @Obeys(labels)
  labels?: Record<string, string>;
}

/** What the provider's API wants of whoever fetches from its queues. */
export class CredentialSettings {
  @Obeys(textLike(/^\S+$/, 'must be text without spaces'))
  accessKeyId!: string;

  @Obeys(textLike(/^\S+$/, 'must be text without spaces'))
  accessKeySecret!: string;
}

/** What the sources of one account have in common. */
export class AccountSettings {
  @IsString({ message: 'must name the provider' })
  provider!: string;

  @Optional()
  @Obeys(shapedLike(CredentialSettings))
  credentials?: CredentialSettings;

  @Optional()
  @Obeys(timeZoneRule)
  timeZone?: string;

  @Optional()
  @Obeys(labels)
  labels?: Record<string, string>;

  @Optional()
  @Obeys(reportWaitRule)
  expectReportWithin?: string;

  @Optional()
  @Obeys(mappingOf(SENDER, shapedLike(SenderSettings)))
  senders?: Record<string, SenderSettings>;
}

/** A key pair that the provider signs pushes with. */
export class PushKeySettings {
  @Obeys(textLike(/^[^\s,]{1,200}$/, 'must be the access key, without spaces or commas'))
  accessKey!: string;

  @Obeys(textLike(/^\S{1,200}$/, 'must be the secret key, without spaces'))
  secretKey!: string;
}

const headerValue = textLike(/^[\x21-\x7e](?:[\x20-\x7e]{0,254}[\x21-\x7e])?$/, 'must be the value that was signed');

/** What the provider signed, where a proxy in front of us rewrites it. Whatever else is signed has to arrive as it was. */
export class SignedHeaderSettings {
  @Optional()
  @Obeys(headerValue)
  host?: string;

  @Optional()
  @Obeys(headerValue)
  connection?: string;
}

/** How a source is pushed to. */
export class HttpSettings {
  @Optional()
  @Obeys(tokens)
  tokens?: string[];

  @Optional()
  @Obeys(addresses)
  allowFrom?: string[];

  @Optional()
  @Obeys(listOf(shapedLike(PushKeySettings), { least: 1 }))
  pushKeys?: PushKeySettings[];

  @Optional()
  @IsIn(['enforce', 'log-only'], { message: 'must be enforce or log-only' })
  mode?: 'enforce' | 'log-only';

  @Optional()
  @Obeys(maxSkewRule)
  maxSkew?: string;

  @Optional()
  @Obeys(shapedLike(SignedHeaderSettings))
  signedHeaders?: SignedHeaderSettings;

  @Optional()
  @Obeys(deadlineRule)
  deadline?: string;

  @Optional()
  @IsBoolean({ message: 'must be true or false' })
  @Equals(true, { message: 'must be true, or left out' })
  unauthenticated?: boolean;
}

const endpoint = textLike(/^https?:\/\/[^\s/?#@]+$/, 'must be https://host or http://host:port, without a path');

/** How a source is fetched from a queue of Alibaba Cloud's MNS. */
export class MnsSettings {
  @Obeys(textLike(/^[A-Za-z0-9][A-Za-z0-9-]{0,255}$/, 'must be the name of a queue: letters, digits and dashes'))
  queue!: string;

  @Optional()
  @IsIn(['mainland', 'international'], { message: 'must be mainland or international' })
  region?: 'mainland' | 'international';

  @Optional()
  @Obeys(endpoint)
  tokenEndpoint?: string;

  @Optional()
  @Obeys(endpoint)
  queueEndpoint?: string;

  @Optional()
  @Obeys(textLike(/^[A-Za-z0-9]{1,64}$/, 'must be a message type of the provider: letters and digits'))
  messageType?: string;

  @Optional()
  @IsBoolean({ message: 'must be true or false' })
  @Equals(true, { message: 'must be true, or left out' })
  ownQueue?: boolean;

  @Optional()
  @IsInt({ message: RECEIVES_ADVICE })
  @Min(1, { message: RECEIVES_ADVICE })
  @Max(MOST_RECEIVES, { message: RECEIVES_ADVICE })
  concurrency?: number;

  @Optional()
  @Obeys(waitRule)
  wait?: string;

  @Optional()
  @IsBoolean({ message: 'must be true or false' })
  paused?: boolean;
}

/** One receipt type of one account. */
export class SourceSettings {
  @Obeys(textLike(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 small letters, digits or dashes'))
  id!: string;

  @IsString({ message: 'must name one of the accounts' })
  account!: string;

  @IsString({ message: "must be the provider's name of a receipt type" })
  receipt!: string;

  @Optional()
  @IsIn(CHANNELS, { message: CHANNEL_ADVICE })
  channel?: (typeof CHANNELS)[number];

  @Optional()
  @IsIn(['delivered', 'submitted'], { message: 'must be delivered or submitted' })
  sendStatusOne?: 'delivered' | 'submitted';

  @Optional()
  @Obeys(silenceRule)
  expectWithin?: string;

  @Optional()
  @Obeys(shapedLike(HttpSettings))
  http?: HttpSettings;

  @Optional()
  @Obeys(shapedLike(MnsSettings))
  mns?: MnsSettings;
}

/** The whole file. */
export class FileSettings {
  @Optional()
  @Obeys(textLike(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be up to 63 small letters, digits or dashes'))
  installation?: string;

  @Matches(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, {
    message: 'must be a UUID that is kept secret and never changed; make one with uuidgen',
  })
  identityNamespace!: string;

  @Optional()
  @Obeys(addresses)
  trustedProxies?: string[];

  @Obeys(mappingOf(NAME, shapedLike(AccountSettings)))
  accounts!: Record<string, AccountSettings>;

  @Obeys(listOf(shapedLike(SourceSettings), { least: 1 }))
  sources!: SourceSettings[];
}
