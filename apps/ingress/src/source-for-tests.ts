import type { Source } from '#runtime';

/** A source as the configuration gives it, for tests. */
export function sourceWith(id: string, http: Partial<NonNullable<Source['http']>>): Source {
  return {
    id,
    provider: 'alibaba',
    account: 'main',
    receipt: 'SmsReport',
    channel: 'sms',
    labels: {},
    timeZone: 'Asia/Shanghai',
    senders: new Map(),
    sendStatusOne: null,
    http: { tokens: [], allowFrom: [], push: null, deadline: 2_000, unauthenticated: false, ...http },
    mns: null,
  };
}
