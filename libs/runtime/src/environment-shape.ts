/** What reads the environment: the three apps, topic set-up, database migration, and anything else. */
export type Role = 'ingress' | 'normaliser' | 'projector' | 'topics' | 'migration' | 'tool';

/** How much is logged, least first. */
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** The environment, read and checked. Everything is there for every role; what a role does not use has its default. */
export interface Environment {
  readonly kafka: KafkaConnection;
  /** Towards Kafka, and as the application name towards Postgres. */
  readonly clientId: string;
  readonly topicPrefix: string;
  /** Path of the configuration file. */
  readonly configurationFile: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Where the public door ends TLS itself; null: it speaks plain HTTP to what stands in front of it. */
  readonly tls: TlsFiles | null;
  readonly managementHost: string;
  /** 0: any free port. */
  readonly managementPort: number;
  /** With the password and the certificate's file that were given beside it. */
  readonly databaseUrl: string | null;
  readonly logLevel: LogLevel;
  /** Null: pretty on a terminal, else JSON. */
  readonly logFormat: 'json' | 'pretty' | null;
  /** Share of accepted pushes that have a line of their own, 0 to 1. */
  readonly logSample: number;
  /** Null: nothing is traced. */
  readonly tracing: TracingEnvironment | null;
  /** Milliseconds. */
  readonly shutdownGrace: number;
  /** No topic gets more partitions than this; null: as each topic is defined. */
  readonly topicPartitions: number | null;
  readonly topicReplication: number;
  /** Connections of the public door. */
  readonly connections: number;
  readonly queueRecords: number;
  readonly queueBytes: number;
  /** Where receipts go while Kafka is away; null: there is no spool. */
  readonly spoolDirectory: string | null;
  /** What it may grow to. */
  readonly spoolBytes: number;
  /** Addresses that replace the provider's own where a source names none; null: the provider's own. */
  readonly mnsQueueEndpoint: string | null;
  readonly mnsTokenEndpoint: string | null;
  readonly retention: Retention;
  /** Whether this projector keeps the loss ledger too. */
  readonly ledger: boolean;
  /** How often it is looked for messages without a final report in time, ms; Infinity: never. */
  readonly reportTimeoutInterval: number;
  /** As `installation` of quittance.yaml; null: as the newest event says. */
  readonly installation: string | null;
  /** What the MACs of erased persons are made with; null: nobody has been erased. */
  readonly erasureKey: string | null;
}

/** How long rows stay after they were last written, ms; Infinity: for ever. */
export interface Retention {
  readonly messages: number;
  readonly mobileOriginated: number;
  readonly reviews: number;
  readonly accounts: number;
  /** What the loss ledger knows about receipts. */
  readonly ledger: number;
}

/** Where spans go, and of which share of the receipts. */
export interface TracingEnvironment {
  /** OTLP over HTTP. */
  readonly endpoint: string;
  /** From 0 to 1. */
  readonly share: number;
}

/** Where Kafka is and how we are let in, as the Kafka library takes it. */
export interface KafkaConnection {
  /** `host:port` of each broker; empty for `migration`, and for `tool` where it is not set. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Null: nothing is encrypted. */
  readonly tls: { readonly ca: string | null; readonly client: TlsFiles | null } | null;
  /** Null: nobody asks who we are, or our certificate says it. */
  readonly sasl: {
    readonly mechanism: 'scram-sha-512' | 'scram-sha-256' | 'plain';
    readonly username: string;
    /** Reads the file where there is one: it may have been exchanged. */
    readonly password: () => string;
  } | null;
}

/** Paths of PEM files. */
export interface TlsFiles {
  /** The certificate, and those between it and its root. */
  readonly certificate: string;
  readonly key: string;
}

/** The roles that cannot do without the database. */
type DatabaseRole = 'projector' | 'migration';

/** The environment of a role: where the database is required, its address is there. */
export type EnvironmentOf<R extends Role> = Environment &
  (R extends DatabaseRole ? { readonly databaseUrl: string } : unknown);
