import { addressProblem } from '../address-list.js';
import { DURATION_ADVICE, parseDuration } from '../duration.js';
import type { Rule } from './shape.js';
import { listOf, mappingOf, textLike } from './shape.js';

/** What single settings of quittance.yaml may be; `settings.ts` says what they mean. */

/** Longest deadline, ms: the ingress cuts a request off for good somewhat later. */
const LONGEST_DEADLINE = 10_000;
const SHORTEST_DEADLINE = 50;

/** Longest wait for a report, ms; that of a submission is not longer either. */
const LONGEST_REPORT_WAIT = 90 * 86_400_000;

/** Bounds of what a source may be expected to be silent for, ms: shorter than a scrape or two nobody can tell. */
const SHORTEST_SILENCE = 60_000;
const LONGEST_SILENCE = 31 * 86_400_000;

/** Longest time that a queue keeps a request for messages open, ms (`waitseconds` of MNS, 0 to 30). */
const LONGEST_WAIT = 30_000;
/** Most requests for messages that one source has under way at once. */
export const MOST_RECEIVES = 64;
export const RECEIVES_ADVICE = `must be a whole number from 1 to ${MOST_RECEIVES}`;

/** Every channel of the contract. */
export const CHANNELS = ['sms', 'card-sms', 'whatsapp', 'viber', 'messenger', 'instagram'] as const;

export const CHANNEL_ADVICE = `must be one of ${CHANNELS.join(', ')}`;
/** What accounts may be called. */
export const NAME = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  advice: 'must be named by up to 64 letters, digits, dots, dashes or underscores',
};
const LABEL = { pattern: /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/, advice: NAME.advice };
/** What senders may be called. */
export const SENDER = {
  pattern: /^\S{1,128}$/,
  advice: 'must be the number or page that the provider reports, without spaces',
};

export const labels = mappingOf(LABEL, textLike(/^[^\0]{0,256}$/, 'must be text of at most 256 characters'));
export const addresses = listOf(networkRule, { least: 1 });
export const tokens = listOf(
  textLike(/^[A-Za-z0-9_-]{16,200}$/, 'must be 16 to 200 letters, digits, dashes or underscores'),
  {
    least: 1,
    most: 2,
  },
);

/** Of a header that the provider signed. */
export const headerValue = textLike(
  /^[\x21-\x7e](?:[\x20-\x7e]{0,254}[\x21-\x7e])?$/,
  'must be the value that was signed',
);

/** Of a service of the provider. */
export const endpoint = textLike(/^https?:\/\/[^\s/?#@]+$/, 'must be https://host or http://host:port, without a path');

function networkRule(value: unknown): ReturnType<Rule> {
  const problem = typeof value === 'string' ? addressProblem(value) : 'must be text; put it in quotes';
  return problem === null ? [] : [{ path: '', message: problem }];
}

export function deadlineRule(value: unknown): ReturnType<Rule> {
  const duration = typeof value === 'string' ? parseDuration(value) : null;
  if (duration === null) return [{ path: '', message: DURATION_ADVICE }];
  if (duration >= SHORTEST_DEADLINE && duration <= LONGEST_DEADLINE) return [];
  return [{ path: '', message: `must be between ${SHORTEST_DEADLINE}ms and ${LONGEST_DEADLINE / 1000}s` }];
}

export function maxSkewRule(value: unknown): ReturnType<Rule> {
  const duration = typeof value === 'string' ? parseDuration(value) : null;
  return duration === null || duration === 0 ? [{ path: '', message: DURATION_ADVICE }] : [];
}

export function waitRule(value: unknown): ReturnType<Rule> {
  const duration = typeof value === 'string' ? parseDuration(value) : null;
  if (duration === null) return [{ path: '', message: DURATION_ADVICE }];
  if (duration >= 1_000 && duration <= LONGEST_WAIT && duration % 1_000 === 0) return [];
  return [{ path: '', message: `must be whole seconds, 1s to ${LONGEST_WAIT / 1_000}s` }];
}

export function reportWaitRule(value: unknown): ReturnType<Rule> {
  const duration = typeof value === 'string' ? parseDuration(value) : null;
  if (duration === null) return [{ path: '', message: DURATION_ADVICE }];
  if (duration >= 1_000 && duration <= LONGEST_REPORT_WAIT) return [];
  return [{ path: '', message: `must be between 1s and ${LONGEST_REPORT_WAIT / 86_400_000}d` }];
}

export function silenceRule(value: unknown): ReturnType<Rule> {
  const duration = typeof value === 'string' ? parseDuration(value) : null;
  if (duration === null) return [{ path: '', message: DURATION_ADVICE }];
  if (duration >= SHORTEST_SILENCE && duration <= LONGEST_SILENCE) return [];
  return [{ path: '', message: `must be between ${SHORTEST_SILENCE / 60_000}m and ${LONGEST_SILENCE / 86_400_000}d` }];
}

export function timeZoneRule(value: unknown): ReturnType<Rule> {
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
