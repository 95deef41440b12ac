import type { QueueDoor } from '#runtime';
import { MnsQueue } from '../mns/mns-queue.js';
import { endpointsOf, type EndpointOverrides } from '../mns/queue-endpoints.js';
import { adviceFor, queueError } from '../mns/queue-error.js';
import { ownKey, QueueTokens } from '../mns/queue-tokens.js';
import { right, told, wrong, type Finding } from './finding.js';

/** Whether a token is granted, and the queue opens with it. It peeks: nothing is taken, nothing hidden from the pollers. */
export async function checkQueue(door: QueueDoor, overrides: EndpointOverrides): Promise<readonly Finding[]> {
  const { queue, token, credentials } = door;
  const endpoints = endpointsOf(door, overrides);
  const tokens =
    token === null
      ? ownKey(credentials)
      : new QueueTokens({
          endpoint: endpoints.token,
          regionId: endpoints.regionId,
          messageType: token.messageType,
          queue,
          ...credentials,
        });
  const findings: Finding[] = [];
  if (token !== null) {
    try {
      await tokens.get();
      findings.push(right('token', `granted for ${token.messageType}`));
    } catch (error) {
      return [wrong('token', sentence(error))];
    }
  }
  const mns = new MnsQueue({
    endpoint: endpoints.queue,
    queue,
    credentials: tokens,
    connections: 1,
    signal: new AbortController().signal,
  });
  try {
    const waits = await mns.holdsSomething();
    findings.push(right('queue', `${queue}: ${waits ? 'something waits in it' : 'nothing waits in it'}`));
  } catch (error) {
    findings.push(wrong('queue', `${queue}: ${sentence(error)}`));
  } finally {
    mns.close();
  }
  if (door.paused) findings.push(told('paused', 'nothing is fetched: the source says paused'));
  return findings;
}

function sentence(error: unknown): string {
  const known = queueError(error);
  const advice = adviceFor(known);
  return advice === 'trying again' ? known.code : `${known.code}: ${advice}`;
}
