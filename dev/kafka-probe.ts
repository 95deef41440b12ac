import { connect } from 'node:net';

/** Protocol numbers: https://kafka.apache.org/protocol#The_Messages_FindCoordinator, version 1. */
const FIND_COORDINATOR = 10;
const VERSION = 1;
const GROUP = 0;
const COORDINATOR_NOT_AVAILABLE = 15;

/**
 * Asks a broker who coordinates a consumer group, in Kafka's own protocol. Only a broker that is registered, has a
 * controller and has created the offsets topic answers "no error": then topics can be made and groups joined.
 * Written by hand, because the Kafka client may be imported by one library only.
 * @param address `host:port`
 * @returns the protocol's error code (0: ready), or null when there was no answer in time
 */
export function askForCoordinator(address: string, timeoutMs = 2_000): Promise<number | null> {
  const { host, port } = splitAddress(address);
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const chunks: Buffer[] = [];
    const finish = (answer: number | null): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => {
      finish(null);
    });
    socket.once('error', () => {
      finish(null);
    });
    socket.once('close', () => {
      finish(null);
    });
    socket.once('connect', () => socket.write(findCoordinatorRequest('quittance-readiness')));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const answer = Buffer.concat(chunks);
      // size, correlation id, throttle time (four bytes each), then the error code
      if (answer.length >= 14) finish(answer.readInt16BE(12));
    });
  });
}

/** Whether any of the brokers of a comma-separated list answers at all. */
export async function isKafkaReachable(brokers: string): Promise<boolean> {
  const answers = await Promise.all(brokers.split(',').map((address) => askForCoordinator(address.trim())));
  return answers.some((code) => code === 0 || code === COORDINATOR_NOT_AVAILABLE);
}

function splitAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}

function findCoordinatorRequest(group: string): Buffer {
  const client = 'quittance-dev';
  const request = Buffer.alloc(4 + 8 + 2 + client.length + 2 + group.length + 1);
  let at = request.writeInt32BE(request.length - 4, 0);
  at = request.writeInt16BE(FIND_COORDINATOR, at);
  at = request.writeInt16BE(VERSION, at);
  at = request.writeInt32BE(1, at);
  at = request.writeInt16BE(client.length, at);
  at += request.write(client, at, 'latin1');
  at = request.writeInt16BE(group.length, at);
  at += request.write(group, at, 'latin1');
  request.writeInt8(GROUP, at);
  return request;
}
