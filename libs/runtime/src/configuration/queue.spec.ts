import { describe, expect, it } from '@jest/globals';
import { ENV, file, load, NAMESPACE, refused } from './configurations-for-tests.js';

describe('a queue', () => {
  const withQueues = (...queues: string[]): string =>
    file({
      accounts: `accounts:
  main: { provider: alibaba, credentials: { accessKeyId: a, accessKeySecret: '\${OTHER}' } }
  bare: { provider: alibaba }
  hw: { provider: huawei, credentials: { accessKeyId: a, accessKeySecret: b } }`,
      sources: `sources:\n${queues.map((queue, index) => `  - { id: s${index}, ${queue} }`).join('\n')}`,
    });
  const SMS = 'account: main, receipt: SmsReport';

  it('has defaults, and asks for the token by the name of the receipt', () => {
    expect(load(withQueues(`${SMS}, mns: { queue: q }`)).sources.get('s0')?.mns).toEqual({
      queue: 'q',
      region: 'mainland',
      queueEndpoint: null,
      token: { endpoint: null, messageType: 'SmsReport' },
      credentials: { accessKeyId: 'a', accessKeySecret: ENV.OTHER },
      concurrency: 4,
      wait: 20,
      paused: false,
    });
  });

  it('of our own needs its address and no token', () => {
    const own = `${SMS}, mns: { queue: q, ownQueue: true, queueEndpoint: 'https://1.mns.cn-hangzhou.aliyuncs.com' }`;
    expect(load(withQueues(own)).sources.get('s0')?.mns).toMatchObject({
      token: null,
      queueEndpoint: 'https://1.mns.cn-hangzhou.aliyuncs.com',
    });
  });

  it.each([
    ['account: bare, receipt: SmsReport, mns: { queue: q }', 'mns: needs accounts.bare.credentials'],
    [
      'account: hw, receipt: StatusReport, mns: { queue: q }',
      "mns: cannot be fetched from: the account's provider has no",
    ],
    [`${SMS}, mns: { queue: q, ownQueue: true }`, 'mns: needs queueEndpoint with ownQueue'],
    [
      `${SMS}, mns: { queue: q, ownQueue: true, queueEndpoint: 'http://h', messageType: X }`,
      'mns.messageType: means nothing with ownQueue',
    ],
    [`${SMS}, mns: { queue: q, queueEndpoint: 'https://h/path' }`, 'mns.queueEndpoint: must be https://host'],
    [`${SMS}, mns: { queue: q, wait: 500ms }`, 'mns.wait: must be whole seconds'],
    [`${SMS}, mns: { queue: q, paused: perhaps }`, 'mns.paused: must be true or false'],
  ])('is refused where it cannot work: %s', (source, message) => {
    const { lines } = refused(withQueues(source));
    expect(lines).toEqual([expect.stringContaining(`sources[0].${message}`)]);
  });

  it('belongs to one source', () => {
    const queue = `${SMS}, mns: { queue: q }`;
    expect(refused(withQueues(queue, queue)).lines).toEqual([
      'sources[1].mns.queue: is the queue of sources[0] already: each would get only a part of it',
    ]);
    expect(load(withQueues(queue, `${SMS}, mns: { queue: q, region: international }`)).sources.size).toBe(2);
  });

  it('is nothing that a process without secrets looks at', () => {
    const yaml = withQueues(`${SMS}, mns: { queue: q, queueEndpoint: '\${NOWHERE}' }`);
    expect(load(yaml, { NS: NAMESPACE }, { secrets: false }).sources.get('s0')).toMatchObject({ mns: null });
  });
});
