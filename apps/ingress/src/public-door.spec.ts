import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { closeIngress, listening, TOKEN } from './ingress-for-tests.js';

const PUSH = [`POST /receipts/ali/${TOKEN} HTTP/1.1`, 'host: x', 'content-length: 2', '', '[]'].join('\r\n');
/** Longer than the farewell of the last answers. */
const BUSY_MS = 300;

const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await closeIngress();
});

/** Keeps the process from doing anything else. */
function beBusy(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

it('what has arrived on a kept connection while the process was busy with its end is answered', async () => {
  const { app, port, published } = await listening();
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  let answers = '';
  const answered = new Promise<void>((resolve, reject) => {
    socket.on('data', (chunk) => {
      answers += chunk.toString('latin1');
      resolve();
    });
    socket.on('error', reject);
  });
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
  socket.write(PUSH);
  await answered;

  const end = app.close();
  // Node looks at its timers right after this, and reads connections only then.
  setImmediate(() => {
    beBusy(BUSY_MS);
    socket.write(PUSH);
  });
  await Promise.all([end, closed]);

  expect(answers.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  expect(answers).toMatch(/connection: close\r\n/i);
  expect(published).toHaveLength(2);
});
