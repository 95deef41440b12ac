import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from './environment.js';

describe('the environment of the simulator', () => {
  it('may be empty: it then knows nobody', () => {
    expect(readEnvironment({})).toMatchObject({
      host: '127.0.0.1',
      port: 8081,
      ingressUrl: 'http://127.0.0.1:8080',
      credentials: { alibabaToken: null, huaweiKey: null },
      mns: { customer: null, tokenLifetime: 3600, longPolls: 1000, queues: [] },
    });
  });

  it('tells who the customer is, and which queues there are', () => {
    const env = {
      ALI_AK: 'a',
      ALI_SK: 'b',
      TOKEN_LIFETIME: '180',
      LONG_POLLS: '2',
      QUEUES: 'q,r',
      INGRESS_URL: 'http://h/',
    };
    expect(readEnvironment(env)).toMatchObject({
      ingressUrl: 'http://h',
      mns: {
        customer: { accessKeyId: 'a', accessKeySecret: 'b' },
        tokenLifetime: 180,
        longPolls: 2,
        queues: ['q', 'r'],
      },
    });
  });

  it.each([
    [{ ALI_AK: 'a' }, 'ALI_AK and ALI_SK come together'],
    [{ HW_SK: 'a' }, 'HW_AK and HW_SK come together'],
    [{ TOKEN_LIFETIME: '0' }, 'TOKEN_LIFETIME must be a whole number above 0'],
    [{ LONG_POLLS: 'many' }, 'LONG_POLLS must be a whole number above 0'],
    [{ PORT: '65536' }, 'PORT must be a port'],
    [{ INGRESS_URL: 'ingress:80' }, 'INGRESS_URL must be the address of the ingress'],
  ])('%j is refused', (env, message) => {
    expect(() => readEnvironment(env)).toThrow(message);
  });
});
