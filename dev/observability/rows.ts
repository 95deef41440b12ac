/** What Grafana formats a value as; its own names (https://grafana.com/docs/grafana/latest/panels-visualizations). */
export type Unit = 'short' | 's' | 'bytes' | 'percentunit' | 'reqps' | 'ops' | 'dateTimeFromNow';

/** One line of a panel, or many: one for each combination of labels that the query leaves. */
export interface Query {
  readonly expr: string;
  /** Labels in double braces. */
  readonly legend: string;
}

/** A picture with the question that it answers. */
export interface Panel {
  readonly title: string;
  /** `stat`: the value now, red from 1 on. `lines`: over time. */
  readonly kind: 'stat' | 'lines';
  readonly unit: Unit;
  readonly about: string;
  readonly queries: readonly Query[];
}

/** Panels that belong together. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Of the time that Grafana looks at once: at least some scrapes. */
const RATE = '[$__rate_interval]';

function panel(kind: Panel['kind'], title: string, unit: Unit, about: string, ...queries: [string, string][]): Panel {
  return { title, kind, unit, about, queries: queries.map(([expr, legend]) => ({ expr, legend })) };
}

function quantile(part: number, histogram: string): string {
  return `histogram_quantile(${part}, sum by (le) (rate(${histogram}_bucket${RATE})))`;
}

/** The dashboard, from the question whether anything is lost to the processes themselves. */
export const ROWS: readonly Row[] = [
  {
    title: 'Is anything lost?',
    panels: [
      panel(
        'stat',
        'Receipts missing',
        'short',
        'Read by the normaliser, and come to no end. Must be 0. Runbook: QuittanceReceiptsMissing.',
        ['max(quittance_receipts_missing)', 'missing'],
      ),
      panel('stat', 'Ledger behind', 's', 'How long ago it was last known whether receipts are missing.', [
        'max(quittance_ledger_behind_seconds)',
        'behind',
      ]),
      panel(
        'stat',
        'Turned away, last hour',
        'short',
        'Receipts answered 503: the provider tries again, a few times.',
        [
          'sum(increase(quittance_receipts_refused_total{reason=~"queue-full|over-share|deadline|kafka-unavailable|spool-.+|unexpected"}[1h])) or vector(0)',
          'turned away',
        ],
      ),
      panel('stat', 'Files set aside', 'short', 'Files of spools that wait for a person.', [
        'sum(quittance_spool_set_aside_files) or vector(0)',
        'files',
      ]),
      panel('stat', 'Open dead letters', 'short', 'Nobody has sent them in again or given them up.', [
        'sum(max by (code) (quittance_open_dead_letters)) or vector(0)',
        'open',
      ]),
      panel('stat', 'Processes not ready', 'short', '/health/ready of each says why.', [
        'sum(1 - quittance_stage_ready)',
        'not ready',
      ]),
      panel(
        'lines',
        'What goes in, what comes out',
        'ops',
        'Receipts hold several elements, and most changes need none.',
        [`sum(rate(quittance_receipts_accepted_total${RATE}))`, 'receipts accepted'],
        [`sum(rate(quittance_events_normalised_total${RATE}))`, 'events'],
        [`sum(rate(quittance_changes_published_total${RATE}))`, 'changes'],
        [
          `sum(rate(quittance_normaliser_dead_letters_total${RATE})) + sum(rate(quittance_projector_dead_letters_total${RATE}))`,
          'dead letters',
        ],
      ),
      panel('lines', 'Open dead letters by code', 'short', 'docs/errors.md says what to do about each.', [
        'max by (code) (quittance_open_dead_letters) > 0',
        '{{code}}',
      ]),
    ],
  },
  {
    title: 'Front door',
    panels: [
      panel('lines', 'Accepted by source', 'ops', 'Pushed or fetched, and durable.', [
        `sum by (source) (rate(quittance_receipts_accepted_total${RATE}))`,
        '{{source}}',
      ]),
      panel('lines', 'Refused by reason', 'ops', 'docs/errors.md explains the reasons.', [
        `sum by (reason) (rate(quittance_receipts_refused_total${RATE}))`,
        '{{reason}}',
      ]),
      panel('lines', 'Silence of sources', 's', 'Since the last receipt; since the start, where none has come.', [
        'time() - (max by (source) (quittance_last_receipt_timestamp_seconds) or min by (source) (quittance_receipt_awaited_since_timestamp_seconds))',
        '{{source}}',
      ]),
      panel(
        'lines',
        'Answer to a push',
        's',
        'From the head of the request to the answer. Alibaba Cloud waits 0.7 s.',
        [quantile(0.5, 'quittance_receipt_answer_seconds'), 'p50'],
        [quantile(0.99, 'quittance_receipt_answer_seconds'), 'p99'],
      ),
      panel(
        'lines',
        'Waiting for Kafka',
        'short',
        'Receipts in memory.',
        ['sum by (instance) (quittance_ingress_queue_records)', '{{instance}} queued'],
        ['sum by (instance) (quittance_ingress_receipts_in_flight)', '{{instance}} unanswered'],
      ),
      panel('lines', 'Memory of bodies', 'bytes', 'Bounded by INGRESS_QUEUE_BYTES.', [
        'sum by (instance) (quittance_ingress_intake_bytes)',
        '{{instance}}',
      ]),
      panel(
        'lines',
        'Connections',
        'short',
        'Open, and closed at once per second.',
        ['sum by (instance) (quittance_ingress_connections)', '{{instance}} open'],
        [`sum by (reason) (rate(quittance_ingress_connections_refused_total${RATE}))`, 'refused: {{reason}}'],
      ),
      panel(
        'lines',
        'Queues',
        'ops',
        'Messages of the providers’ queues.',
        [`sum by (source) (rate(quittance_queue_messages_received_total${RATE}))`, '{{source}} received'],
        [`sum by (source) (rate(quittance_queue_messages_deleted_total${RATE}))`, '{{source}} deleted'],
      ),
      panel('lines', 'Polls by outcome', 'ops', 'docs/errors.md explains the codes.', [
        `sum by (outcome) (rate(quittance_queue_polls_total${RATE}))`,
        '{{outcome}}',
      ]),
      panel('lines', 'Signatures by result', 'ops', 'Of providers that sign their pushes.', [
        `sum by (source, result) (rate(quittance_push_signatures_total${RATE}))`,
        '{{source}} {{result}}',
      ]),
    ],
  },
  {
    title: 'Spool and Kafka',
    panels: [
      panel('lines', 'Spooled receipts', 'short', 'On the disks of the ingresses.', [
        'sum by (instance) (quittance_spool_receipts)',
        '{{instance}}',
      ]),
      panel('lines', 'Spool, share of its limit', 'percentunit', 'Full at 1: then receipts are turned away.', [
        'quittance_spool_bytes / quittance_spool_limit_bytes',
        '{{instance}}',
      ]),
      panel('lines', 'Oldest receipt in a spool', 's', '0: there is none.', [
        'max by (instance) (quittance_spool_oldest_seconds)',
        '{{instance}}',
      ]),
      panel(
        'lines',
        'In and out',
        'ops',
        'Rates of spooling and draining.',
        [`sum(rate(quittance_spool_stored_receipts_total${RATE}))`, 'spooled'],
        [`sum(rate(quittance_spool_drained_receipts_total${RATE}))`, 'drained'],
      ),
      panel('lines', 'Sends to Kafka by outcome', 'ops', 'Of all stages.', [
        `sum by (outcome) (rate(quittance_kafka_sends_total${RATE}))`,
        '{{outcome}}',
      ]),
      panel(
        'lines',
        'Kafka answers a send within',
        's',
        'All in-sync replicas have it.',
        [quantile(0.5, 'quittance_kafka_send_seconds'), 'p50'],
        [quantile(0.99, 'quittance_kafka_send_seconds'), 'p99'],
      ),
    ],
  },
  {
    title: 'Normaliser and projector',
    panels: [
      panel('lines', 'Lag in seconds', 's', 'Age of the oldest record that is not done.', [
        'max by (topic) (quittance_consumer_lag_seconds)',
        '{{topic}}',
      ]),
      panel('lines', 'Lag in records', 'short', 'Of all processes.', [
        'sum by (topic) (quittance_consumer_lag_records)',
        '{{topic}}',
      ]),
      panel('lines', 'Worked off', 'ops', 'Records done.', [
        `sum by (topic) (rate(quittance_consumer_records_done_total${RATE}))`,
        '{{topic}}',
      ]),
      panel('lines', 'Failed attempts', 'ops', 'They are made again.', [
        `sum by (topic, kind) (rate(quittance_consumer_failures_total${RATE}))`,
        '{{topic}} {{kind}}',
      ]),
      panel('lines', 'Events by type', 'ops', 'What the normaliser makes of receipts.', [
        `sum by (type) (rate(quittance_events_normalised_total${RATE}))`,
        '{{type}}',
      ]),
      panel(
        'lines',
        'Dead letters by code',
        'ops',
        'docs/errors.md explains the codes.',
        [`sum by (code) (rate(quittance_normaliser_dead_letters_total${RATE})) > 0`, 'normaliser {{code}}'],
        [`sum by (code) (rate(quittance_projector_dead_letters_total${RATE})) > 0`, 'projector {{code}}'],
      ),
      panel('lines', 'Unknown codes', 'ops', 'Reports with a code that our tables do not have.', [
        `sum by (provider) (rate(quittance_unknown_codes_total${RATE}))`,
        '{{provider}}',
      ]),
      panel(
        'lines',
        'A transaction takes',
        's',
        'Merged, published, committed.',
        [quantile(0.5, 'quittance_projection_seconds'), 'p50'],
        [quantile(0.99, 'quittance_projection_seconds'), 'p99'],
      ),
      panel(
        'lines',
        'Postgres',
        'short',
        'Connections by state, and transactions that failed in the time looked at.',
        ['sum by (state) (quittance_database_connections)', '{{state}}'],
        [`sum(increase(quittance_database_failures_total${RATE}))`, 'failed'],
      ),
      panel('lines', 'Timeouts held back', 's', 'Messages without a final report that cannot be told of yet.', [
        'max(quittance_report_timeouts_held_back_seconds)',
        'held back',
      ]),
    ],
  },
  {
    title: 'Subscribers',
    panels: [
      panel(
        'lines',
        'From receipt to subscriber',
        's',
        'From the arrival of a receipt to the change that it caused.',
        [quantile(0.5, 'quittance_receipt_to_change_seconds'), 'p50'],
        [quantile(0.9, 'quittance_receipt_to_change_seconds'), 'p90'],
        [quantile(0.99, 'quittance_receipt_to_change_seconds'), 'p99'],
      ),
      panel('lines', 'Changes by type', 'ops', 'What subscribers are told.', [
        `sum by (type) (rate(quittance_changes_published_total${RATE}))`,
        '{{type}}',
      ]),
      panel(
        'lines',
        'Conflicts',
        'ops',
        'Changes of messages that were reported as arrived and as failed.',
        [`sum(rate(quittance_conflicting_changes_total${RATE}))`, 'conflicting'],
        [`sum(rate(quittance_messages_expired_total${RATE}))`, 'expired'],
        [`sum(rate(quittance_late_changes_total${RATE}))`, 'of receipts older than a day'],
      ),
    ],
  },
  {
    title: 'Processes',
    panels: [
      panel('lines', 'CPU', 'short', 'Cores; the main thread has one at most.', [
        `rate(quittance_process_cpu_seconds_total${RATE})`,
        '{{job}} {{instance}}',
      ]),
      panel('lines', 'Memory', 'bytes', 'Resident.', [
        'quittance_process_resident_memory_bytes',
        '{{job}} {{instance}}',
      ]),
      panel('lines', 'Delay of the event loop', 's', 'p99 since the scrape before.', [
        'quittance_nodejs_eventloop_lag_p99_seconds',
        '{{job}} {{instance}}',
      ]),
      panel('lines', 'Garbage collection', 'percentunit', 'Share of the time.', [
        `sum by (job, instance) (rate(quittance_nodejs_gc_duration_seconds_sum${RATE}))`,
        '{{job}} {{instance}}',
      ]),
      panel('lines', 'Ready', 'short', '1: ready.', ['quittance_stage_ready', '{{stage}} {{instance}}']),
      panel('lines', 'Versions', 'short', 'How many processes run which.', [
        'count by (stage, version) (quittance_build_info)',
        '{{stage}} {{version}}',
      ]),
    ],
  },
];
