import { describe, expect, it } from '@jest/globals';
import { faultsRequest, pairOf, runRequest, simulatorAddress, UsageError } from './simulator-arguments.js';

describe('the command line of the simulator', () => {
  it('makes a run of options, and leaves the rest to the simulator', () => {
    expect(runRequest({})).toEqual({ messages: 1_000, rate: 500 });
    const options = {
      messages: '5',
      seed: '0',
      poison: '0.1',
      doors: 'push=1,queue=2',
      burst: 'every=1000,size=50',
      only: 'ali-sms-up,tencent-reply',
      target: ['ali-sms-up=http://127.0.0.1:1/a?b=c'],
    };
    expect(runRequest(options)).toEqual({
      messages: 5,
      rate: 500,
      seed: 0,
      poison: 0.1,
      doors: { push: 1, queue: 2 },
      burst: { every: 1000, size: 50 },
      only: ['ali-sms-up', 'tencent-reply'],
      targets: { 'ali-sms-up': 'http://127.0.0.1:1/a?b=c' },
    });
  });

  it('makes faults of words', () => {
    expect(
      faultsRequest(['errorShare=0.1', 'expireNow=true', 'lifetimeSeconds=null', 'expiredAs=AccessDenied']),
    ).toEqual({
      errorShare: 0.1,
      expireNow: true,
      lifetimeSeconds: null,
      expiredAs: 'AccessDenied',
    });
  });

  it.each([
    () => runRequest({ rate: 'fast' }),
    () => runRequest({ rate: '' }),
    () => runRequest({ doors: 'push' }),
    () => runRequest({ burst: 'every=x' }),
    () => faultsRequest([]),
    () => pairOf('x', '=1'),
  ])('refuses what cannot be meant %#', (act) => {
    expect(act).toThrow(UsageError);
  });

  it('talks to the simulator that is named, else that of npm start, else the usual one', () => {
    const stack = '{"simulator":"http://127.0.0.1:5"}';
    expect(simulatorAddress('http://a:1/', stack)).toBe('http://a:1');
    expect(simulatorAddress(undefined, stack)).toBe('http://127.0.0.1:5');
    expect(simulatorAddress(undefined, null)).toBe('http://127.0.0.1:8081');
    expect(() => simulatorAddress('a:1', null)).toThrow('--at a:1');
  });
});
