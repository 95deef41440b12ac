import type { QueueDoor, Source } from '#runtime';

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
    expectWithin: null,
    http: { tokens: [], allowFrom: [], push: null, deadline: 2_000, unauthenticated: false, ...http },
    mns: null,
  };
}

/** A queue in our own account, as the configuration gives it, for tests. */
export function queueDoor(queue: string, changes: Partial<QueueDoor> = {}): QueueDoor {
  return {
    queue,
    region: 'mainland',
    queueEndpoint: null,
    token: null,
    credentials: { accessKeyId: 'a', accessKeySecret: 'b' },
    concurrency: 1,
    wait: 1,
    paused: false,
    ...changes,
  };
}
