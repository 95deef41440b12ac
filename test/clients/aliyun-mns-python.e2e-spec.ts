import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPythonClient } from './python-client.js';
import type { Simulator } from './simulator-process.js';
import { KEY, startSimulator } from './simulator-process.js';

const SCRIPT = join(import.meta.dirname, 'aliyun-mns-client.py');
const QUEUE = 'clients-python';

const client = await findPythonClient();

if ('missing' in client) {
  describe('aliyun-mns for Python', () => {
    it(`IS NOT TESTED HERE: ${client.missing}`, () => {
      process.stderr.write(`aliyun-mns for Python is not tested here: ${client.missing}\n`);
      expect(client.missing).not.toBe('');
    });
  });
} else {
  describe('aliyun-mns for Python', () => {
    let simulator: Simulator;
    const directory = mkdtempSync(join(tmpdir(), 'quittance-python-'));

    beforeAll(async () => {
      simulator = await startSimulator();
    });

    afterAll(async () => {
      await simulator.stop();
      rmSync(directory, { recursive: true, force: true });
    });

    it('does everything with a queue that a consumer does', async () => {
      const report = join(directory, 'report.json');
      const args = [SCRIPT, simulator.url, KEY.accessKeyId, KEY.accessKeySecret, QUEUE, report];
      await promisify(execFile)(client.python, args, { timeout: 60_000 });
      const once = (body: string): object => ({ body, dequeueCount: 1, hiddenFor: 40_000 });
      expect(JSON.parse(readFileSync(report, 'utf8'))).toEqual({
        created: `${simulator.url}/queues/${QUEUE}`,
        attributes: { visibilityTimeout: 40, activeMessages: 0 },
        queues: [`${simulator.url}/queues/${QUEUE}`],
        empty: 'MessageNotExist',
        peeked: 'one 中文 <&>',
        received: once('one 中文 <&>'),
        hiddenLonger: true,
        oldHandle: 'MessageNotExist',
        deleted: null,
        batchPeeked: ['batch 0', 'batch 1', 'batch 2'],
        batchReceived: [once('batch 0'), once('batch 1'), once('batch 2')],
        badHandles: [['ReceiptHandleError', '1-AAAA']],
        batchDeleted: [],
        batchEmpty: 'MessageNotExist',
        wrongSecret: 'SignatureDoesNotMatch',
        noQueue: 'QueueNotExist',
      });
      expect(await simulator.counts(QUEUE)).toMatchObject({ active: 0, inactive: 0, deleted: 4 });
    });
  });
}
