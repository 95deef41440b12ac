import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { PushProblem } from '#providers';
import { METRIC_PREFIX, PlainHistogram } from '#runtime';
import type { Source } from '#runtime';
import type { Intruder } from './doors.js';
import type { Shortage } from './fair-share.js';
import type { SignatureResult } from './push-check.js';
import type { SpoolProblem } from './spool/spool-terms.js';

/** Why a receipt, or what claimed to be one, was not taken. */
export type Refusal =
  | Intruder
  | PushProblem
  | `spool-${SpoolProblem}`
  | 'too-large'
  | 'broken'
  | 'queue-full'
  | 'over-share'
  | 'deadline'
  | 'kafka-unavailable'
  | 'unexpected';

/** Receipts that were let in and not taken: what the alert about them asks for is there before the first. */
const TURNED_AWAY: readonly Refusal[] = [
  'queue-full',
  'over-share',
  'deadline',
  'kafka-unavailable',
  'spool-full',
  'spool-failing',
  'spool-busy',
  'unexpected',
];

/** What the door knows at any moment. */
export interface Watched {
  /** Receipts that are being taken in. */
  readonly inFlight: () => number;
  /** Bytes that their bodies take, or may. */
  readonly bytes: () => number;
  readonly connections: () => number;
  readonly refusedConnections: () => Readonly<Record<Shortage, number>>;
}

/** Of one source, since the process began. */
interface Taken {
  receipts: number;
  bytes: number;
  /** Unix ms; null before the first receipt. */
  lastAt: number | null;
  /** Since when the process has been waiting for receipts, Unix ms. */
  awaitedSince: number;
}

/**
 * Counters of the door. They are plain numbers until somebody looks: the client's counters hash their labels at every
 * step, which the hot route would feel.
 */
export class IngressMetrics {
  readonly #accepted = new Map<string, Taken>();
  readonly #refused = new Map<string, Map<Refusal, number>>();
  readonly #signatures = new Map<string, Map<SignatureResult, number>>();
  readonly #answerSeconds: PlainHistogram;

  /** By id, for how long each source may be silent, ms; null: for as long as it likes. */
  #expected: ReadonlyMap<string, number | null> = new Map();

  #watched: Watched = {
    inFlight: () => 0,
    bytes: () => 0,
    connections: () => 0,
    refusedConnections: () => ({ full: 0, 'over-share': 0 }),
  };

  constructor(registry: Registry) {
    const registers = [registry];
    const watched = (): Watched => this.#watched;
    const accepted = this.#accepted;
    const refused = this.#refused;
    const signatures = this.#signatures;
    const expected = (): ReadonlyMap<string, number | null> => this.#expected;
    new Counter({
      name: `${METRIC_PREFIX}receipts_accepted_total`,
      help: 'Receipts that are in Kafka or in the spool, pushed or fetched',
      labelNames: ['source'],
      registers,
      collect() {
        this.reset();
        for (const [source, { receipts }] of accepted) this.inc({ source }, receipts);
      },
    });
    new Counter({
      name: `${METRIC_PREFIX}receipt_body_bytes_total`,
      help: 'Bytes of the bodies of accepted receipts',
      labelNames: ['source'],
      registers,
      collect() {
        this.reset();
        for (const [source, { bytes }] of accepted) this.inc({ source }, bytes);
      },
    });
    new Gauge({
      name: `${METRIC_PREFIX}last_receipt_timestamp_seconds`,
      help: 'When the source last brought this process a receipt that was accepted',
      labelNames: ['source'],
      registers,
      collect() {
        this.reset();
        for (const source of expected().keys()) {
          const { lastAt } = accepted.get(source)!;
          if (lastAt !== null) this.set({ source }, lastAt / 1_000);
        }
      },
    });
    new Gauge({
      name: `${METRIC_PREFIX}receipt_awaited_since_timestamp_seconds`,
      help: 'When this process began to wait for receipts of the source',
      labelNames: ['source'],
      registers,
      collect() {
        this.reset();
        for (const source of expected().keys()) this.set({ source }, accepted.get(source)!.awaitedSince / 1_000);
      },
    });
    new Gauge({
      name: `${METRIC_PREFIX}receipt_expected_within_seconds`,
      help: 'For how long the source may be silent, where the configuration says so (expectWithin)',
      labelNames: ['source'],
      registers,
      collect() {
        this.reset();
        for (const [source, within] of expected()) if (within !== null) this.set({ source }, within / 1_000);
      },
    });
    new Counter({
      name: `${METRIC_PREFIX}receipts_refused_total`,
      help: 'Requests that were not answered with success, by source ("none": no such source) and reason',
      labelNames: ['source', 'reason'],
      registers,
      collect() {
        this.reset();
        for (const [source, reasons] of refused) {
          for (const [reason, count] of reasons) this.inc({ source, reason }, count);
        }
      },
    });
    new Counter({
      name: `${METRIC_PREFIX}push_signatures_total`,
      help: 'Signatures of pushes that were checked, by source and result, refused or not',
      labelNames: ['source', 'result'],
      registers,
      collect() {
        this.reset();
        for (const [source, results] of signatures) {
          for (const [result, count] of results) this.inc({ source, result }, count);
        }
      },
    });
    new Gauge({
      name: `${METRIC_PREFIX}ingress_receipts_in_flight`,
      help: 'Receipts that are being taken in and are not answered yet',
      registers,
      collect() {
        this.set(watched().inFlight());
      },
    });
    new Gauge({
      name: `${METRIC_PREFIX}ingress_intake_bytes`,
      help: 'Memory of the bodies that are being taken in, read or not, until Kafka has them',
      registers,
      collect() {
        this.set(watched().bytes());
      },
    });
    new Gauge({
      name: `${METRIC_PREFIX}ingress_connections`,
      help: 'Open connections of the public door',
      registers,
      collect() {
        this.set(watched().connections());
      },
    });
    new Counter({
      name: `${METRIC_PREFIX}ingress_connections_refused_total`,
      help: 'Connections that were closed at once, by reason: full, or over-share of one address',
      labelNames: ['reason'],
      registers,
      collect() {
        this.reset();
        for (const [reason, count] of Object.entries(watched().refusedConnections())) this.inc({ reason }, count);
      },
    });
    this.#answerSeconds = new PlainHistogram({
      name: `${METRIC_PREFIX}receipt_answer_seconds`,
      help: 'From the head of a request to its answer, for everybody who was let in',
      buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10],
      registry,
    });
  }

  /**
   * The sources that there are from now on. One that stays goes on being waited for since its last receipt; one that comes,
   * or comes back, is waited for from now on. Nobody waits for one that can bring nothing, because its only door is a queue
   * that was told to pause.
   */
  expectFrom(sources: Iterable<Pick<Source, 'id' | 'expectWithin' | 'http' | 'mns'>>): void {
    const before = this.#expected;
    const open = [...sources].filter(({ http, mns }) => http !== null || mns?.paused !== true);
    this.#expected = new Map(open.map(({ id, expectWithin }) => [id, expectWithin]));
    for (const id of this.#expected.keys()) {
      if (before.has(id)) continue;
      Object.assign(this.#taken(id), { lastAt: null, awaitedSince: Date.now() });
      for (const reason of TURNED_AWAY) countIn(this.#refused, id, reason, 0);
    }
  }

  /** Asks for these when somebody looks. */
  watch(watched: Watched): void {
    this.#watched = watched;
  }

  /** A pushed receipt is durable and answered so. */
  accepted(source: string, bytes: number, milliseconds: number): void {
    this.stored(source, bytes);
    this.#answerSeconds.observe(milliseconds / 1000);
  }

  /** A receipt is durable. */
  stored(source: string, bytes: number): void {
    const taken = this.#taken(source);
    taken.receipts += 1;
    taken.bytes += bytes;
    taken.lastAt = Date.now();
  }

  refused(source: string, reason: Refusal): void {
    countIn(this.#refused, source, reason);
  }

  signature(source: string, result: SignatureResult): void {
    countIn(this.#signatures, source, result);
  }

  /** How long somebody waited who was let in and then refused. */
  waited(milliseconds: number): void {
    this.#answerSeconds.observe(milliseconds / 1000);
  }

  #taken(source: string): Taken {
    let taken = this.#accepted.get(source);
    if (taken === undefined) {
      taken = { receipts: 0, bytes: 0, lastAt: null, awaitedSince: Date.now() };
      this.#accepted.set(source, taken);
    }
    return taken;
  }
}

function countIn<T>(counts: Map<string, Map<T, number>>, source: string, what: T, times = 1): void {
  let ofSource = counts.get(source);
  if (ofSource === undefined) counts.set(source, (ofSource = new Map<T, number>()));
  ofSource.set(what, (ofSource.get(what) ?? 0) + times);
}
