/** A process that pushes receipts. Argument: a LoadStep as JSON. Prints a LoadResult as JSON. */
import { setTimeout as delay } from 'node:timers/promises';
import { body } from '../receipts.js';
import { HttpConnection } from './http-connection.js';
import type { LoadResult, LoadStep } from './load.js';

const HOST = '127.0.0.1';
/** A step may run over by this, ms; what is unanswered then never will be as far as we care. */
const OVERTIME = 3_000;
/** Different receipts that are sent in turn: enough that nothing along the way can profit from their repetition. */
const RECEIPTS = 4_096;
/** Of large bodies fewer, bytes in all. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Connections opened at once. More would measure the server's listen backlog. */
const OPENED_AT_ONCE = 32;

const step = JSON.parse(process.argv[2] ?? '{}') as LoadStep;
const different = Math.min(RECEIPTS, Math.floor(MOST_BYTES / (step.bodyBytes ?? 1)));
const requests = Array.from({ length: different }, (_, number) => requestOf(padded(body(number, 1))));
const milliseconds = step.seconds * 1_000;
const offered = step.rate === 0 ? Infinity : Math.round(step.rate * step.seconds);

const idle: HttpConnection[] = [];
const connections = Array.from(
  { length: step.connections },
  () =>
    new HttpConnection(HOST, step.port, (connection, status) => {
      answered(connection, status);
    }),
);
// At a rate they are opened when they are needed first: who opens one and says nothing for some seconds is sent away.
for (let at = 0; step.rate === 0 && at < connections.length; at += OPENED_AT_ONCE) {
  await Promise.all(connections.slice(at, at + OPENED_AT_ONCE).map((connection) => connection.open()));
}

const latencies: number[] = [];
/** The same from when they were really sent: of those that were accepted, and of those that were refused. */
const answerTimes = { accepted: [] as number[], refused: [] as number[] };
let sent = 0;
let accepted = 0;
let refused = 0;
let underWay = 0;
let lastAnswerAt = 0;
const cpuBefore = process.cpuUsage();
const start = performance.now();

if (step.rate === 0) for (const connection of connections) sendNow(connection);
else idle.push(...connections);
await untilOver();
process.stdout.write(JSON.stringify(result()));
for (const connection of connections) connection.close();

async function untilOver(): Promise<void> {
  for (;;) {
    const elapsed = performance.now() - start;
    if (step.rate !== 0) sendDue();
    const isOver = elapsed >= milliseconds && (step.rate === 0 || sent >= offered) && underWay === 0;
    if (isOver || elapsed >= milliseconds + OVERTIME) return;
    await delay(1);
  }
}

/** Sends what should have been sent by now, as far as connections are idle. */
function sendDue(): void {
  const due = Math.min(offered, Math.floor(((performance.now() - start) / 1_000) * step.rate) + 1);
  while (sent < due) {
    const connection = idle.pop();
    if (connection === undefined) return;
    send(connection, start + (sent / step.rate) * 1_000);
  }
}

function sendNow(connection: HttpConnection): void {
  send(connection, performance.now());
}

function send(connection: HttpConnection, intendedAt: number): void {
  connection.intendedAt = intendedAt;
  connection.sentAt = performance.now();
  underWay += 1;
  connection.send(requests[sent % different]!);
  sent += 1;
}

function answered(connection: HttpConnection, status: number): void {
  underWay -= 1;
  lastAnswerAt = performance.now();
  latencies.push(lastAnswerAt - connection.intendedAt);
  const isAccepted = status >= 200 && status < 300;
  answerTimes[isAccepted ? 'accepted' : 'refused'].push(lastAnswerAt - connection.sentAt);
  if (isAccepted) accepted += 1;
  else refused += 1;
  if (step.rate === 0) {
    if (lastAnswerAt - start < milliseconds) sendNow(connection);
  } else {
    idle.push(connection);
    sendDue();
  }
}

function result(): LoadResult {
  const { user, system } = process.cpuUsage(cpuBefore);
  // What was never answered took at least until now.
  const missing = step.rate === 0 ? underWay : offered - accepted - refused;
  const all = Float64Array.from(latencies).sort();
  const at = (quantile: number): number => {
    const index = Math.floor(quantile * (all.length + missing));
    return all[Math.min(index, all.length + missing - 1)] ?? performance.now() - start;
  };
  return {
    offered: step.rate === 0 ? sent : offered,
    accepted,
    refused,
    unanswered: missing,
    acceptedP99: p99(answerTimes.accepted),
    refusedP99: p99(answerTimes.refused),
    seconds: (lastAnswerAt - start) / 1_000,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    generatorCpu: (user + system) / 1e6,
  };
}

function p99(milliseconds: readonly number[]): number {
  const sorted = Float64Array.from(milliseconds).sort();
  return sorted[Math.floor(0.99 * sorted.length)] ?? 0;
}

/** Spaces make no other receipt of it. */
function padded(text: string): string {
  return text + ' '.repeat(Math.max(0, (step.bodyBytes ?? 0) - Buffer.byteLength(text)));
}

function requestOf(text: string): Buffer {
  return Buffer.from(
    `POST ${step.path} HTTP/1.1\r\nHost: ${HOST}:${step.port}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}
