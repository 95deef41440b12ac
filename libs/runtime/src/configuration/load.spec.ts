import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CATALOGUE, door, ENV, file, load, NAMESPACE, refused } from './configurations-for-tests.js';
import { loadConfiguration } from './load.js';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'quittance-secrets-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

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
            expectWithin: null,
            http: { tokens: [ENV.TOKEN], allowFrom: [], push: null, deadline: 500, unauthenticated: false },
            mns: null,
          },
        ],
      ]),
    });
  });

  it('takes everything that may be set', () => {
    const secret = join(directory, 'token');
    writeFileSync(secret, 'token-from-a-file\n');
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
    expectWithin: 30m
    http:
      tokens: ['\${TOKEN}', '\${file:${secret}}']
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
      expectWithin: 1_800_000,
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

describe('the silence of a source', () => {
  const silent = (within: string) =>
    file({
      sources: `sources: [{ id: a, account: main, receipt: SmsReport, expectWithin: ${within}, http: { tokens: ['\${TOKEN}'] } }]`,
    });

  it.each(['1m', '12h', '31d'])('may be %s', (within) => {
    expect(load(silent(within)).sources.get('a')?.expectWithin).toBeGreaterThanOrEqual(60_000);
  });

  it.each(['59s', '32d', '30', 'never'])('is not %s', (within) => {
    expect(refused(silent(within)).lines).toEqual([expect.stringMatching(/^sources\[0\]\.expectWithin: must be/)]);
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
