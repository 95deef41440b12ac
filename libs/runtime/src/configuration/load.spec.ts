import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '../mistakes.js';
import type { Configuration, ProviderCatalogue } from './configuration.js';
import { loadConfiguration } from './load.js';
import type { LoadOptions } from './load.js';

const CATALOGUE: ProviderCatalogue = {
  alibaba: {
    receiptTypes: {
      SmsReport: { channel: 'sms', deadline: 500 },
      SmsUp: { channel: 'sms', deadline: 500 },
      ChatAppStatus: { channel: null, deadline: 2000 },
    },
    queues: 'mns',
  },
  huawei: {
    receiptTypes: { StatusReport: { channel: 'sms', deadline: 5000 } },
    checkSignature: true,
  },
};
const NAMESPACE = '6f1c1a52-3c1b-4d0e-9a44-2f6a5c1f7e10';
const ENV = { NS: NAMESPACE, TOKEN: 'token-from-the-environment', OTHER: 'another-secret-token' };

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'quittance-configuration-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function load(yaml: string, env: Record<string, string> = ENV, options?: LoadOptions): Configuration {
  const file = join(directory, 'quittance.yaml');
  writeFileSync(file, yaml);
  return loadConfiguration(file, env, CATALOGUE, options);
}

/** Every mistake as `path: message`, and the whole text that would be shown. */
function refused(
  yaml: string,
  env: Record<string, string> = ENV,
  options?: LoadOptions,
): { lines: string[]; text: string } {
  try {
    load(yaml, env, options);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { lines: error.mistakes.map(({ path, message }) => `${path}: ${message}`), text: error.message };
  }
  throw new Error('the configuration was accepted');
}

/** A valid file around other accounts or sources. */
function file(parts: { accounts?: string; sources?: string; head?: string }): string {
  return [
    parts.head ?? "identityNamespace: '${NS}'",
    parts.accounts ?? 'accounts: { main: { provider: alibaba } }',
    parts.sources ?? "sources: [{ id: a, account: main, receipt: SmsReport, http: { tokens: ['${TOKEN}'] } }]",
  ].join('\n');
}

/** A source with this `http`. */
const door = (http: string): string =>
  file({ sources: `sources: [{ id: a, account: main, receipt: SmsReport, http: ${http} }]` });

describe('loadConfiguration', () => {
  it('makes sources flat and fills in defaults', () => {
    const configuration = load(file({}));
    expect(configuration).toEqual({
      installation: 'quittance',
      identityNamespace: NAMESPACE,
      trustedProxies: [],
      accounts: new Map([
        [
          'main',
          {
            provider: 'alibaba',
            labels: {},
            senders: new Map(),
            channels: ['sms'],
            expectReportWithin: 72 * 3_600_000,
          },
        ],
      ]),
      sources: new Map([
        [
          'a',
          {
            id: 'a',
            provider: 'alibaba',
            account: 'main',
            receipt: 'SmsReport',
            channel: 'sms',
            labels: {},
            timeZone: 'Asia/Shanghai',
            senders: new Map(),
            sendStatusOne: null,
            http: { tokens: [ENV.TOKEN], allowFrom: [], push: null, deadline: 500, unauthenticated: false },
            mns: null,
          },
        ],
      ]),
    });
  });

  it('takes everything that may be set', () => {
    writeFileSync(join(directory, 'token'), 'token-from-a-file\n');
    const configuration = load(`
installation: eu-1
identityNamespace: '\${NS}'
trustedProxies: [10.0.0.0/8, 2001:db8::1]
accounts:
  wa:
    provider: alibaba
    credentials: { accessKeyId: '\${OTHER}', accessKeySecret: 'x-\${OTHER}' }
    timeZone: Europe/Berlin
    labels: { unit: retail }
    expectReportWithin: 2d
    senders:
      8613100000008: { channel: whatsapp, labels: { brand: north } }
      0086131: { channel: viber }
sources:
  - id: wa-status
    account: wa
    receipt: ChatAppStatus
    channel: messenger
    sendStatusOne: submitted
    http:
      tokens: ['\${TOKEN}', '\${file:${join(directory, 'token')}}']
      allowFrom: [203.0.113.0/24]
      deadline: 1.5s
    mns:
      queue: Alicom-Queue-1-ChatAppStatus
      region: international
      queueEndpoint: http://127.0.0.1:8081
      tokenEndpoint: https://dybaseapi-vpc.example.com
      messageType: ChatAppStatusV2
      concurrency: 16
      wait: 30s
      paused: true
`);
    expect(configuration.installation).toBe('eu-1');
    expect(configuration.trustedProxies).toEqual(['10.0.0.0/8', '2001:db8::1']);
    expect(configuration.accounts.get('wa')).toEqual({
      provider: 'alibaba',
      labels: { unit: 'retail' },
      senders: configuration.sources.get('wa-status')?.senders,
      channels: ['messenger', 'viber', 'whatsapp'],
      expectReportWithin: 48 * 3_600_000,
    });
    expect(configuration.sources.get('wa-status')).toEqual({
      id: 'wa-status',
      provider: 'alibaba',
      account: 'wa',
      receipt: 'ChatAppStatus',
      channel: 'messenger',
      labels: { unit: 'retail' },
      timeZone: 'Europe/Berlin',
      senders: new Map([
        ['8613100000008', { channel: 'whatsapp', labels: { brand: 'north' } }],
        ['0086131', { channel: 'viber', labels: {} }],
      ]),
      sendStatusOne: 'submitted',
      http: {
        tokens: [ENV.TOKEN, 'token-from-a-file'],
        allowFrom: ['203.0.113.0/24'],
        push: null,
        deadline: 1500,
        unauthenticated: false,
      },
      mns: {
        queue: 'Alicom-Queue-1-ChatAppStatus',
        region: 'international',
        queueEndpoint: 'http://127.0.0.1:8081',
        token: { endpoint: 'https://dybaseapi-vpc.example.com', messageType: 'ChatAppStatusV2' },
        credentials: { accessKeyId: ENV.OTHER, accessKeySecret: `x-${ENV.OTHER}` },
        concurrency: 16,
        wait: 30,
        paused: true,
      },
    });
  });

  it('accepts a source without a door, whose old receipts may still be on their way', () => {
    expect(
      load(file({ sources: 'sources: [{ id: a, account: main, receipt: SmsUp }]' })).sources.get('a')?.http,
    ).toBeNull();
  });

  it('lists every mistake at once, with its path', () => {
    const { lines, text } = refused(`
installation: Not Good
identityNamespace: short
trustedProxies: [10.0.0.0/40]
surprise: 1
accounts:
  main: { provider: alibaba, timeZone: Asia/Nowhere, labels: { unit: 5 }, credentials: { accessKeyId: a } }
  other: { provider: tencent }
  'bad name': { provider: alibaba, senders: { '1 2': { channel: pigeon } } }
sources:
  - { id: Bad_Id, account: main, receipt: SmsReport, http: { tokens: [short, 12345678901234567], deadline: 20s } }
  - { id: a, account: nobody, receipt: SmsReport, http: {} }
  - { id: a, account: main, receipt: Nonsense, http: { allowFrom: [example.org], unauthenticated: false } }
  - { id: b, account: main, receipt: ChatAppStatus, mns: { queue: 'no name', wait: 31s, concurrency: 0, surprise: 1 } }
  - { id: c, account: main, receipt: SmsUp, channel: viber, http: { unauthenticated: true, tokens: ['\${TOKEN}'] } }
  - { id: d, account: main, receipt: SmsUp, sendStatusOne: perhaps, http: { pushKeys: [], maxSkew: 15, tokens: ['\${MISSING}'] } }
  - just text
`);
    expect(lines.map((line) => line.slice(0, line.indexOf(': '))).sort()).toEqual(
      [
        'installation',
        'identityNamespace',
        'trustedProxies[0]',
        'surprise',
        'accounts.main.timeZone',
        'accounts.main.labels.unit',
        'accounts.main.credentials.accessKeySecret',
        'accounts.other.provider',
        'accounts["bad name"]',
        'accounts["bad name"].senders["1 2"]',
        'accounts["bad name"].senders["1 2"].channel',
        'sources[0].id',
        'sources[0].http.tokens[0]',
        'sources[0].http.tokens[1]',
        'sources[0].http.deadline',
        'sources[1].account',
        'sources[1].http',
        'sources[2].id',
        'sources[2].receipt',
        'sources[2].http.allowFrom[0]',
        'sources[2].http.unauthenticated',
        'sources[3].mns.queue',
        'sources[3].mns.wait',
        'sources[3].mns.concurrency',
        'sources[3].mns.surprise',
        'sources[3].channel',
        'sources[4].channel',
        'sources[4].http.unauthenticated',
        'sources[5].sendStatusOne',
        'sources[5].http.pushKeys',
        'sources[5].http.maxSkew',
        'sources[5].http.tokens[0]',
        'sources[6]',
      ].sort(),
    );
    expect(text).toContain('surprise: is not a known setting; here may stand: installation, identityNamespace,');
    expect(text).toContain('sources[5].http.tokens[0]: the environment variable MISSING is not set');
    expect(text).toContain('accounts.other.provider: is not a provider of this version: alibaba, huawei');
    expect(text).not.toContain('undefined');
  });

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
      [
        '{ pushKeys: [{ accessKey: a, secretKey: b }], signedHeaders: { host: "a\\nb" } }',
        'signedHeaders.host: must be',
      ],
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

  it('refuses an empty file, a list and a missing file', () => {
    expect(refused('').lines).toEqual([': must be a mapping (key: value)']);
    expect(refused('- a').lines).toEqual([': must be a mapping (key: value)']);
    expect(() => loadConfiguration('/nowhere/quittance.yaml', {}, CATALOGUE)).toThrow(/ENOENT.*QUITTANCE_CONFIG/);
  });

  it('refuses what is not plain YAML, with line and column, and does not quote it', () => {
    const secret = 'literal-secret-token';
    expect(refused(`a: 1\na: 2`).lines).toEqual(['line 2, column 1: the key stands here a second time']);
    expect(refused(`a: !custom ${secret}`).lines[0]).toMatch(/^line 1, column 4: tags/);
    for (const broken of [
      `a: "${secret}`,
      `a: [${secret}`,
      `a: ${secret}: b`,
      `a:\n\t${secret}`,
      `*${secret}`,
      `a: @${secret}`,
    ]) {
      const { text } = refused(broken);
      expect(text).toMatch(/line \d+, column \d+|an alias/);
      expect(text).not.toContain(secret);
    }
  });

  it('substitutes after parsing, so a value cannot change the structure', () => {
    const { lines } = refused(file({}), { ...ENV, TOKEN: 'x"], unauthenticated: true, tokens: ["y' });
    expect(lines).toEqual(['sources[0].http.tokens[0]: must be 16 to 200 letters, digits, dashes or underscores']);
  });

  it('never shows a value, whether it came from outside or stands in the file', () => {
    const secrets = { NS: 'ns-secret-value', TOKEN: 'bad token value', OTHER: 'Other Secret Value' };
    const { text, lines } = refused(
      `
installation: '\${OTHER}'
identityNamespace: '\${NS}'
trustedProxies: ['\${OTHER}']
accounts:
  main: { provider: '\${OTHER}', timeZone: '\${OTHER}', credentials: { accessKeyId: '\${OTHER}', accessKeySecret: 'lit eral' } }
sources:
  - { id: '\${OTHER}', account: '\${OTHER}', receipt: '\${OTHER}', channel: '\${OTHER}', http: { tokens: ['\${TOKEN}', inline], allowFrom: ['\${OTHER}'], deadline: '\${OTHER}' } }
`,
      secrets,
    );
    expect(lines.length).toBeGreaterThan(9);
    for (const secret of [...Object.values(secrets), 'lit eral', 'inline']) expect(text).not.toContain(secret);
  });

  it('reports a missing identityNamespace, sources and accounts', () => {
    expect(refused('installation: a').lines.map((line) => line.split(':')[0])).toEqual([
      'identityNamespace',
      'accounts',
      'sources',
    ]);
  });
});

describe('loadConfiguration without secrets', () => {
  const yaml = file({
    accounts:
      "accounts: { 'my.main': { provider: alibaba, credentials: { accessKeyId: '${AK}', accessKeySecret: '${SK}' } } }",
    sources: "sources: [{ id: a, account: my.main, receipt: SmsReport, http: { tokens: ['${T1}', '${T2}'] } }]",
  });

  it('needs only the identity namespace', () => {
    const configuration = load(yaml, { NS: NAMESPACE }, { secrets: false });
    expect(configuration.identityNamespace).toBe(NAMESPACE);
    expect(configuration.sources.get('a')).toMatchObject({ receipt: 'SmsReport', http: null });
    expect(refused(yaml, {}, { secrets: false }).lines).toEqual([
      'identityNamespace: the environment variable NS is not set',
    ]);
  });

  it('still checks the form of what it can see', () => {
    const { lines } = refused(door("{ tokens: ['${T1}', short], pushKey: 1 }"), { NS: NAMESPACE }, { secrets: false });
    expect(lines.map((line) => line.split(': ')[0])).toEqual(['sources[0].http.pushKey', 'sources[0].http.tokens[1]']);
  });

  it('needs all of them otherwise', () => {
    expect(refused(yaml, { NS: NAMESPACE }).lines).toHaveLength(4);
  });
});

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

describe('the channels of an account', () => {
  const WHATSAPP = '{ provider: alibaba, senders: { 1: { channel: whatsapp }, 2: { labels: {} } } }';

  it.each([
    ['its own sources say', '{ provider: alibaba }', ['SmsUp', 'SmsReport'], ['sms']],
    ['its senders say, where its sources do not', WHATSAPP, ['ChatAppStatus'], ['whatsapp']],
    ['its sources say, where its senders have nothing to say in them', WHATSAPP, ['SmsReport'], ['sms']],
    ['nobody says', '{ provider: alibaba }', [], []],
  ])('are what %s', (_what, account, receipts, channels) => {
    const sources = receipts.map((receipt) => `{ id: ${receipt.toLowerCase()}, account: main, receipt: ${receipt} }`);
    const other = '{ id: other, account: other, receipt: ChatAppStatus, channel: viber }';
    const yaml = file({
      accounts: `accounts: { main: ${account}, other: { provider: alibaba } }`,
      sources: `sources: [${[...sources, other].join(', ')}]`,
    });
    expect(load(yaml).accounts.get('main')?.channels).toEqual(channels);
  });
});

describe('the wait for a report', () => {
  const waiting = (wait: string) =>
    file({ accounts: `accounts: { main: { provider: alibaba, expectReportWithin: ${wait} } }` });

  it.each(['1s', '72h', '90d'])('may be %s', (wait) => {
    expect(load(waiting(wait)).accounts.get('main')?.expectReportWithin).toBeGreaterThanOrEqual(1_000);
  });

  it.each(['0s', '91d', '72', 'PT72H', 'never'])('is not %s', (wait) => {
    expect(refused(waiting(wait)).lines).toEqual([
      expect.stringMatching(/^accounts\.main\.expectReportWithin: must be/),
    ]);
  });
});

describe('what nobody writes by intent', () => {
  it.each([
    ['an alias that holds itself', 'a: &a [*a]'],
    [
      'a label named constructor',
      `identityNamespace: '${NAMESPACE}'\naccounts: { main: { provider: alibaba, labels: { constructor: x } } }\nsources: []`,
    ],
  ])('is refused with a sentence: %s', (_what, yaml) => {
    expect(refused(yaml).lines.length).toBeGreaterThan(0);
  });
});
