import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** Whether nothing listens on a port of the loopback address. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/** Below those that systems give to outgoing connections: such a one could take the port before it is used. */
const PORTS = { first: 10_240, last: 32_767 } as const;

/** A port of the loopback address that is free now. */
export async function anyFreePort(): Promise<number> {
  let port: number;
  do port = randomInt(PORTS.first, PORTS.last + 1);
  while (!(await isPortFree(port)));
  return port;
}

/** `preferred`, or another free port when it is taken. */
export async function freePort(preferred: number): Promise<number> {
  return (await isPortFree(preferred)) ? preferred : anyFreePort();
}
