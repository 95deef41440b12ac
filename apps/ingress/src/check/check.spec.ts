import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PROVIDERS } from '#providers';
import { testCertificate } from '../../../../test/stack/certificate.js';
import { closeIngress, listening, TOKEN } from '../ingress-for-tests.js';
import { sourceWith } from '../source-for-tests.js';
import { tlsOptions } from '../tls.js';
import { describeSource } from './address.js';
import { readCheckRequest, UsageError } from './command-line.js';
import { checkSources, type CheckContext } from './check-sources.js';
import { checkDoor } from './door-check.js';
import { checkTls } from './tls-check.js';

afterEach(closeIngress);

const SOURCE = sourceWith('ali', { tokens: ['token-of-before-1', TOKEN] });

describe('what sources check is asked', () => {
  it('is which source, by which address', () => {
    expect(readCheckRequest(['check', '--source', 'a', '--public-url', 'https://r.example.com/', '--canary'])).toEqual({
      source: 'a',
      publicUrl: 'https://r.example.com',
      canary: true,
      showTokens: false,
    });
  });

  it.each([
    [[]],
    [['list']],
    [['check', 'a']],
    [['check', '--public-url', 'r.example.com']],
    [['check', '--public-url', 'https://me@r.example.com']],
    [['check', '--canary']],
  ])('and nothing else: %j', (args) => {
    expect(() => readCheckRequest(args)).toThrow(UsageError);
  });
});

describe('what is entered in the console', () => {
  const shown = (showTokens: boolean) =>
    describeSource(SOURCE, PROVIDERS.alibaba!, { publicUrl: 'https://r.example.com', showTokens }).map(
      ({ says }) => says,
    );

  it('is the address with the newest token, whole only where that is asked for', () => {
    expect(shown(true)[0]).toBe(`https://r.example.com/receipts/ali/${TOKEN}`);
    expect(shown(false)[0]).toBe('https://r.example.com/receipts/ali/to**** (--show-tokens shows it whole)');
    expect(shown(false)[1]).toContain('Delivery Reports');
    expect(shown(false)[2]).toBe('200 {"code":0,"msg":"ok"}');
  });
});

describe('the door', () => {
  it('is said not to have been looked at where nobody says by which address', async () => {
    const lines: string[] = [];
    const context = {
      configuration: { sources: new Map([['ali', SOURCE]]) } as unknown as CheckContext['configuration'],
      environment: {} as CheckContext['environment'],
      print: (line: string) => lines.push(line),
    };
    await checkSources(context, readCheckRequest(['check']));
    expect(lines.at(-1)).toContain('not looked at: --public-url');
  });

  it('is right where it opens for the address of the source and for no other, and leaves no receipt', async () => {
    const { port, published } = await listening();
    const at = `http://127.0.0.1:${port}`;
    expect((await checkDoor(sourceWith('ali', { tokens: [TOKEN] }), at)).verdict).toBe('right');
    expect(await checkDoor(sourceWith('ali', { tokens: ['another-token-1'] }), at)).toMatchObject({
      verdict: 'wrong',
      says: expect.stringMatching(/^404: the ingress has another configuration/),
    });
    expect(await checkDoor(sourceWith('listed', { allowFrom: ['203.0.113.0/24'] }), at)).toMatchObject({
      verdict: 'wrong',
      says: expect.stringMatching(/^404: allowFrom does not let this machine in/),
    });
    expect(published).toEqual([]);
  });

  it('is wrong where nobody answers, and the token is not told', async () => {
    const { says, verdict } = await checkDoor(SOURCE, 'http://127.0.0.1:1');
    expect(verdict).toBe('wrong');
    expect(says).not.toContain(TOKEN);
  });
});

describe('TLS', () => {
  it('is looked at as providers do', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'quittance-check-'));
    const { cert, key } = testCertificate('ec');
    const files = { certificate: join(directory, 'crt'), key: join(directory, 'key') };
    writeFileSync(files.certificate, cert);
    writeFileSync(files.key, key);
    const { port } = await listening({ tls: tlsOptions(files) });
    rmSync(directory, { recursive: true });
    const at = `https://localhost:${port}`;

    expect(await checkTls(at, true, cert)).toEqual([
      { what: 'tls', verdict: 'right', says: expect.stringMatching(/^TLSv1\.3 with TLS_/) },
      { what: 'expiry', verdict: 'wrong', says: expect.stringMatching(/^the certificate holds for 0 more days/) },
      { what: 'huawei', verdict: 'right', says: 'TLS 1.2 with TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256' },
    ]);
    const unknown = 'the certificate must come from an authority that the provider knows';
    expect(await checkTls(at, false)).toEqual([
      { what: 'tls', verdict: 'wrong', says: `providers cannot connect (DEPTH_ZERO_SELF_SIGNED_CERT): ${unknown}` },
    ]);
    expect(await checkTls(`https://127.0.0.1:${port}`, false, cert)).toEqual([
      { what: 'tls', verdict: 'wrong', says: expect.stringContaining('the certificate is for another name') },
    ]);
    expect((await checkTls('http://localhost', false))[0]!.verdict).toBe('wrong');
  });
});
