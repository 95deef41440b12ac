import { describe, expect, it } from '@jest/globals';
import type { QueueDoor } from '#runtime';
import { endpointsOf } from './queue-endpoints.js';

const NONE = { mnsQueueEndpoint: null, mnsTokenEndpoint: null };

function door(changes: Partial<QueueDoor> = {}): QueueDoor {
  return {
    queue: 'q',
    region: 'mainland',
    queueEndpoint: null,
    token: { endpoint: null, messageType: 'SmsReport' },
    credentials: { accessKeyId: 'a', accessKeySecret: 'b' },
    concurrency: 4,
    wait: 20,
    paused: false,
    ...changes,
  };
}

describe('endpointsOf', () => {
  it('knows the accounts that the vendor keeps the queues in', () => {
    expect(endpointsOf(door(), NONE)).toEqual({
      queue: 'https://1943695596114318.mns.cn-hangzhou.aliyuncs.com',
      token: 'https://dybaseapi.aliyuncs.com',
      regionId: 'cn-hangzhou',
    });
    expect(endpointsOf(door({ region: 'international' }), NONE)).toEqual({
      queue: 'https://1493622401794734.mns.ap-southeast-1.aliyuncs.com',
      token: 'https://dybaseapi.ap-southeast-1.aliyuncs.com',
      regionId: 'ap-southeast-1',
    });
  });

  it('takes what the source says before what the environment says', () => {
    const environment = { mnsQueueEndpoint: 'http://e:1', mnsTokenEndpoint: 'http://e:2' };
    expect(endpointsOf(door(), environment)).toMatchObject({ queue: 'http://e:1', token: 'http://e:2' });
    const own = door({ queueEndpoint: 'https://s', token: { endpoint: 'https://t', messageType: 'X' } });
    expect(endpointsOf(own, environment)).toMatchObject({ queue: 'https://s', token: 'https://t' });
  });
});
