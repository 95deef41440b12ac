import { alarmed, orElse, panel, quantile, rare, RATE } from './panel.js';
import type { Row } from './panel.js';

/** 1 for each stage of which nothing is heard: it has no series that could say so. */
const NOT_SCRAPED = ['ingress', 'normaliser', 'projector']
  .map((stage) => `absent(quittance_stage_ready{stage="${stage}"})`)
  .join(' or ');

const FIRING = 'sum by (severity, alertname) (ALERTS{alertname=~"Quittance.+", alertstate="firing"})';
/** An alert that is over has no series any more; beside it the table would go on saying that it fires. */
const FIRED =
  'sum by (severity, alertname) (last_over_time(ALERTS{alertname=~"Quittance.+", alertstate="firing"}[$__range]))';

/** The dashboard, from the question whether anything is lost to the processes themselves. */
export const ROWS: readonly Row[] = [
  {
    title: 'Is anything lost or late?',
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
          'sum(increase(quittance_receipts_refused_total{reason=~"queue-full|over-share|deadline|kafka-unavailable|spool-.+|unexpected"}[1h]))',
          'turned away',
        ],
      ),
      panel('stat', 'Files set aside', 'short', 'Files of spools that wait for a person.', [
        'sum(quittance_spool_set_aside_files or 0 * quittance_stage_ready{stage="ingress"})',
        'files',
      ]),
      panel(
        'stat',
        'Open dead letters',
        'short',
        'Nobody has sent them in again or given them up. No data: no projector keeps account of them now.',
        ['sum(max by (code) (quittance_open_dead_letters))', 'open'],
      ),
      panel(
        'stat',
        'Processes not ready',
        'short',
        '/health/ready of each says why. A stage of which no process is scraped counts as one.',
        [`sum((1 - quittance_stage_ready) or ${NOT_SCRAPED})`, 'not ready'],
      ),
      orElse(
        'None known to this Prometheus',
        rare(
          panel(
            'many',
            'Alerts that fire',
            'short',
            'What this Prometheus finds by observability/alerts.yaml, if it has been given these rules; 0: over. docs/runbooks.md says of each what to do.',
            [`${FIRING} or 0 * ${FIRED}`, '{{severity}}: {{alertname}}'],
          ),
        ),
      ),
      alarmed(
        300,
        panel(
          'lines',
          'Lag in seconds',
          's',
          'Age of the oldest record that is not done. Each stage tells its own: one that is not scraped has no line.',
          ['max by (topic) (quittance_consumer_lag_seconds)', '{{topic}}'],
        ),
      ),
      panel(
        'lines',
        'What goes in, what comes out',
        'suffix:/s',
        'Receipts hold several elements, and most changes need none.',
        [`sum(rate(quittance_receipts_accepted_total${RATE}))`, 'receipts accepted'],
        [`sum(rate(quittance_events_normalised_total${RATE}))`, 'events'],
        [`sum(rate(quittance_changes_published_total${RATE}))`, 'changes'],
        [
          `sum(rate(quittance_normaliser_dead_letters_total${RATE})) + sum(rate(quittance_projector_dead_letters_total${RATE}))`,
          'dead letters',
        ],
      ),
      orElse(
        'None known to any projector that runs',
        panel('lines', 'Open dead letters by code', 'short', 'docs/errors.md says what to do about each.', [
          'max by (code) (quittance_open_dead_letters) > 0',
          '{{code}}',
        ]),
      ),
    ],
  },
  {
    title: 'Front door',
    panels: [
      panel('many', 'Accepted by source', 'suffix:/s', 'Pushed or fetched, and durable.', [
        `sum by (source) (rate(quittance_receipts_accepted_total${RATE}))`,
        '{{source}}',
      ]),
      panel('many', 'Silence of sources', 's', 'Since the last receipt; since the start, where none has come.', [
        'time() - (max by (source) (quittance_last_receipt_timestamp_seconds) or min by (source) (quittance_receipt_awaited_since_timestamp_seconds))',
        '{{source}}',
      ]),
      rare(
        panel('lines', 'Refused by reason', 'suffix:/s', 'docs/errors.md explains the reasons.', [
          `sum by (reason) (rate(quittance_receipts_refused_total${RATE}))`,
          '{{reason}}',
        ]),
      ),
      alarmed(
        0.4,
        panel(
          'lines',
          'Answer to a push',
          's',
          'From the head of the request to the answer. Alibaba Cloud waits 0.7 s.',
          [quantile(0.5, 'quittance_receipt_answer_seconds'), 'p50'],
          [quantile(0.99, 'quittance_receipt_answer_seconds'), 'p99'],
        ),
      ),
      rare(
        panel(
          'lines',
          'Waiting for Kafka',
          'short',
          'Receipts in memory.',
          ['sum by (instance) (quittance_ingress_queue_records)', '{{instance}} queued'],
          ['sum by (instance) (quittance_ingress_receipts_in_flight)', '{{instance}} unanswered'],
        ),
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
        'suffix:/s',
        'Messages of the providers’ queues.',
        [`sum(rate(quittance_queue_messages_received_total${RATE}))`, 'received'],
        [`sum(rate(quittance_queue_messages_deleted_total${RATE}))`, 'deleted'],
      ),
      panel('lines', 'Polls by outcome', 'suffix:/s', 'docs/errors.md explains the codes.', [
        `sum by (outcome) (rate(quittance_queue_polls_total${RATE}))`,
        '{{outcome}}',
      ]),
      panel('lines', 'Signatures by result', 'suffix:/s', 'Of providers that sign their pushes.', [
        `sum by (source, result) (rate(quittance_push_signatures_total${RATE}))`,
        '{{source}} {{result}}',
      ]),
    ],
  },
  {
    title: 'Spool and Kafka',
    panels: [
      rare(
        panel('lines', 'Spooled receipts', 'short', 'On the disks of the ingresses.', [
          'sum by (instance) (quittance_spool_receipts)',
          '{{instance}}',
        ]),
      ),
      alarmed(
        0.5,
        panel('lines', 'Spool, share of its limit', 'percentunit', 'Full at 1: then receipts are turned away.', [
          'quittance_spool_bytes / quittance_spool_limit_bytes',
          '{{instance}}',
        ]),
      ),
      rare(
        panel('lines', 'Oldest receipt in a spool', 's', '0: there is none.', [
          'max by (instance) (quittance_spool_oldest_seconds)',
          '{{instance}}',
        ]),
      ),
      rare(
        panel(
          'lines',
          'In and out',
          'suffix:/s',
          'Rates of spooling and draining.',
          [`sum(rate(quittance_spool_stored_receipts_total${RATE}))`, 'spooled'],
          [`sum(rate(quittance_spool_drained_receipts_total${RATE}))`, 'drained'],
        ),
      ),
      panel('lines', 'Sends to Kafka by outcome', 'suffix:/s', 'Of all stages.', [
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
      rare(
        panel('lines', 'Lag in records', 'short', 'Of all processes.', [
          'sum by (topic) (quittance_consumer_lag_records)',
          '{{topic}}',
        ]),
      ),
      panel('lines', 'Worked off', 'suffix:/s', 'Records done.', [
        `sum by (topic) (rate(quittance_consumer_records_done_total${RATE}))`,
        '{{topic}}',
      ]),
      rare(
        panel('many', 'Failed attempts', 'suffix:/s', 'They are made again.', [
          `sum by (topic, kind) (rate(quittance_consumer_failures_total${RATE}))`,
          '{{topic}} {{kind}}',
        ]),
      ),
      panel(
        'lines',
        'A transaction takes',
        's',
        'Merged, published, committed.',
        [quantile(0.5, 'quittance_projection_seconds'), 'p50'],
        [quantile(0.99, 'quittance_projection_seconds'), 'p99'],
      ),
      orElse(
        'None seen',
        panel(
          'many',
          'Dead letters by code, in an hour',
          'short',
          'docs/errors.md explains the codes.',
          ['sum by (code) (increase(quittance_normaliser_dead_letters_total[1h])) > 0', 'normaliser {{code}}'],
          ['sum by (code) (increase(quittance_projector_dead_letters_total[1h])) > 0', 'projector {{code}}'],
        ),
      ),
      rare(
        panel('lines', 'Unknown codes', 'suffix:/s', 'Reports with a code that our tables do not have.', [
          `sum by (provider) (rate(quittance_unknown_codes_total${RATE}))`,
          '{{provider}}',
        ]),
      ),
      panel('many', 'Events by type', 'suffix:/s', 'What the normaliser makes of receipts.', [
        `sum by (type) (rate(quittance_events_normalised_total${RATE}))`,
        '{{type}}',
      ]),
      panel(
        'lines',
        'Postgres',
        'short',
        'Connections by state, and transactions that failed in the time looked at.',
        ['sum by (state) (quittance_database_connections)', '{{state}}'],
        [`sum(increase(quittance_database_failures_total${RATE}))`, 'failed'],
      ),
    ],
  },
  {
    title: 'Subscribers',
    panels: [
      alarmed(
        60,
        panel(
          'many',
          'From receipt to subscriber',
          's',
          'From the arrival of a receipt to the change that it caused.',
          [quantile(0.5, 'quittance_receipt_to_change_seconds'), 'p50'],
          [quantile(0.9, 'quittance_receipt_to_change_seconds'), 'p90'],
          [quantile(0.99, 'quittance_receipt_to_change_seconds'), 'p99'],
        ),
      ),
      panel('many', 'Changes by type', 'suffix:/s', 'What subscribers are told.', [
        `sum by (type) (rate(quittance_changes_published_total${RATE}))`,
        '{{type}}',
      ]),
      rare(
        panel(
          'lines',
          'Conflicts, expired, late',
          'suffix:/s',
          'Messages reported as arrived and as failed; without a final report in time; told of long after.',
          [`sum(rate(quittance_conflicting_changes_total${RATE}))`, 'conflicting'],
          [`sum(rate(quittance_messages_expired_total${RATE}))`, 'expired'],
          [`sum(rate(quittance_late_changes_total${RATE}))`, 'of receipts sent in again, or older than a day'],
        ),
      ),
      alarmed(
        1_800,
        rare(
          panel('lines', 'Timeouts held back', 's', 'Messages without a final report that cannot be told of yet.', [
            'max(quittance_report_timeouts_held_back_seconds)',
            'held back',
          ]),
        ),
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
      alarmed(
        0.2,
        panel('lines', 'Delay of the event loop', 's', 'p99 since the scrape before.', [
          'quittance_nodejs_eventloop_lag_p99_seconds',
          '{{job}} {{instance}}',
        ]),
      ),
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
