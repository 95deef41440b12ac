import { describe, expect, it } from '@jest/globals';
import { door, ENV, file, load, refused } from './configurations-for-tests.js';

describe('the HTTP door of a source', () => {
  it.each([
    ['{}', 'sources[0].http: lets anybody in'],
    ['{ deadline: 1s }', 'sources[0].http: lets anybody in'],
    ['{ tokens: [] }', 'sources[0].http.tokens: must hold at least 1'],
    ['{ tokens: }', 'sources[0].http.tokens: must be a list'],
    ["{ tokens: ['${TOKEN}', '${TOKEN}'] }", 'sources[0].http.tokens[1]: is the same as the first one'],
    ["{ tokens: ['${TOKEN}', '${OTHER}', '${TOKEN}'] }", 'sources[0].http.tokens: must hold at most 2'],
    ["{ unauthenticated: true, allowFrom: ['::1'] }", 'sources[0].http.unauthenticated: contradicts'],
    ["{ tokens: ['${TOKEN}'], deadline: 500 }", 'sources[0].http.deadline: must be a number with its unit'],
    ["{ tokens: ['${TO KEN}'] }", 'sources[0].http.tokens[0]: ${...} must hold the name of an environment variable'],
    ["{ tokens: ['${file:relative}'] }", 'sources[0].http.tokens[0]: the path after file: must start with /'],
    [
      "{ tokens: ['${file:/nowhere/at/all}'] }",
      'sources[0].http.tokens[0]: the file /nowhere/at/all cannot be read (ENOENT)',
    ],
    ['text', 'sources[0].http: must be a mapping'],
  ])('refuses http: %s', (http, line) => {
    const { lines } = refused(door(http));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(line);
  });

  it('accepts allowFrom alone, and nobody asked where that is written down', () => {
    expect(load(door('{ allowFrom: [203.0.113.1] }')).sources.get('a')?.http?.tokens).toEqual([]);
    expect(load(door('{ unauthenticated: true }')).sources.get('a')?.http?.unauthenticated).toBe(true);
  });
});

describe('push keys', () => {
  const signed = (http: string): string =>
    file({
      accounts: 'accounts: { hw: { provider: huawei } }',
      sources: `sources: [{ id: a, account: hw, receipt: StatusReport, http: ${http} }]`,
    });

  it('are enforced and look at no date, unless something else is said', () => {
    const { http } = load(signed("{ pushKeys: [{ accessKey: ak, secretKey: '${OTHER}' }] }")).sources.get('a') ?? {};
    expect(http).toEqual({
      tokens: [],
      allowFrom: [],
      push: {
        keys: [{ accessKey: 'ak', secretKey: ENV.OTHER }],
        mode: 'enforce',
        maxSkew: null,
        signedHeaders: new Map(),
      },
      deadline: 5000,
      unauthenticated: false,
    });
  });

  it('take everything that may be set, and stand beside tokens and networks', () => {
    const yaml = signed(`{
      tokens: ['\${TOKEN}'], allowFrom: ['::1'], mode: log-only, maxSkew: 15m,
      pushKeys: [{ accessKey: a, secretKey: 'exampleSk*1' }, { accessKey: b, secretKey: 'exampleSk*1' }],
      signedHeaders: { host: '205.145.111.168:9330', connection: close },
    }`);
    expect(load(yaml).sources.get('a')?.http?.push).toEqual({
      keys: [
        { accessKey: 'a', secretKey: 'exampleSk*1' },
        { accessKey: 'b', secretKey: 'exampleSk*1' },
      ],
      mode: 'log-only',
      maxSkew: 900_000,
      signedHeaders: new Map([
        ['host', '205.145.111.168:9330'],
        ['connection', 'close'],
      ]),
    });
  });

  it.each([
    ['{ pushKeys: [] }', 'pushKeys: must hold at least 1'],
    ['{ pushKeys: [{ accessKey: a }] }', 'pushKeys[0].secretKey: must be the secret key'],
    ['{ pushKeys: [{ accessKey: "a,b", secretKey: c }] }', 'pushKeys[0].accessKey: must be the access key'],
    [
      '{ pushKeys: [{ accessKey: a, secretKey: b }, { accessKey: a, secretKey: c }] }',
      'pushKeys[1].accessKey: stands here a second time',
    ],
    ['{ pushKeys: [{ accessKey: a, secretKey: b }], mode: maybe }', 'mode: must be enforce or log-only'],
    ['{ pushKeys: [{ accessKey: a, secretKey: b }], maxSkew: 0s }', 'maxSkew: must be a number with its unit'],
    [
      '{ pushKeys: [{ accessKey: a, secretKey: b }], signedHeaders: { cookie: x } }',
      'signedHeaders.cookie: is not a known setting',
    ],
    ['{ pushKeys: [{ accessKey: a, secretKey: b }], signedHeaders: { host: "a\\nb" } }', 'signedHeaders.host: must be'],
    ['{ pushKeys: [{ accessKey: a, secretKey: b }], unauthenticated: true }', 'unauthenticated: contradicts'],
    ["{ tokens: ['${TOKEN}'], mode: enforce }", 'mode: means nothing without pushKeys'],
  ])('refuses %s', (http, line) => {
    const { lines } = refused(signed(http));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`sources[0].http.${line}`);
  });

  it('are refused where the provider signs nothing', () => {
    expect(refused(door('{ pushKeys: [{ accessKey: a, secretKey: b }] }')).lines).toEqual([
      "sources[0].http.pushKeys: cannot be checked: the account's provider signs nothing",
    ]);
  });

  it('are never shown, whatever is wrong with them', () => {
    const { text } = refused(signed("{ pushKeys: [{ accessKey: 'literal key', secretKey: 'literal secret' }] }"));
    expect(text).not.toContain('literal');
  });
});
