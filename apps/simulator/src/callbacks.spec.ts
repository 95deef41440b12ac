import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { CALLBACKS } from './callbacks.js';

interface Example {
  readonly accounts: Readonly<Record<string, { readonly provider: string; readonly senders?: object }>>;
  readonly sources: readonly {
    readonly id: string;
    readonly account: string;
    readonly receipt: string;
    readonly mns?: { readonly queue: string };
  }[];
}

const FILE = join(import.meta.dirname, '..', '..', '..', 'quittance.example.yaml');

describe('CALLBACKS', () => {
  it('are the sources of the example configuration', () => {
    const { accounts, sources } = parse(readFileSync(FILE, 'utf8')) as Example;
    const configured = sources.map(({ id, account, receipt, mns }) => [
      id,
      accounts[account]?.provider,
      receipt,
      mns?.queue ?? null,
    ]);
    const pushed = Object.entries(CALLBACKS).map(([id, { provider, receipt, queue }]) => [
      id,
      provider,
      receipt,
      queue,
    ]);
    expect(pushed.sort()).toEqual(configured.sort());
  });

  it.each([
    ['ali-sms-report', '{"code":0,"msg":"ok"}', true],
    // Only that it is a number is looked at.
    ['ali-sms-report', '{"code":1}', true],
    ['ali-sms-report', '{"code":"0"}', false],
    ['ali-sms-report', 'ok', false],
    ['ali-chat-status', '', true],
    ['huawei-status', '{"returnCode":0,"returnCodeDesc":"Success"}', true],
    ['huawei-status', '{"code":0}', false],
    ['tencent-status', '{"result":0,"errmsg":"OK"}', true],
    ['tencent-status', '{"result":1,"errmsg":"no"}', false],
    ['tencent-reply', '[]', false],
    ['tencent-reply', 'null', false],
    ['volcengine-status', '', true],
  ] as const)('of %s: the answer %s counts: %s', (source, answer, counts) => {
    expect(CALLBACKS[source].dialect.accepts(answer)).toBe(counts);
  });
});
