import type { Channel, Labels, ProviderId } from '#contracts';

/** What the configuration must know about the providers; `PROVIDERS` of the providers' library has this form. */
export type ProviderCatalogue = Readonly<
  Partial<
    Record<
      ProviderId,
      {
        readonly receiptTypes: Readonly<
          Record<
            string,
            {
              /** Null: only source or sender tell it. */
              readonly channel: Channel | null;
              /** Milliseconds. */
              readonly deadline: number;
            }
          >
        >;
        /** Present where the provider signs its pushes. */
        readonly checkSignature?: unknown;
        /** Present where its receipts can be fetched from queues too. */
        readonly queues?: unknown;
      }
    >
  >
>;

/** What a business number or page is. */
export interface Sender {
  readonly channel: Channel | null;
  readonly labels: Labels;
}

/** One of the key pairs that a provider signs its pushes with. */
export interface PushKey {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** How the signatures of pushes are checked. */
export interface PushAuthentication {
  /** At least one; the access key of a push says which. */
  readonly keys: readonly PushKey[];
  /** `log-only`: what does not verify is counted and taken all the same. */
  readonly mode: 'enforce' | 'log-only';
  /** How far a signature's date may be from now, in ms; null: any date will do. */
  readonly maxSkew: number | null;
  /** By lower-case name: what was signed, for headers that a proxy rewrites. */
  readonly signedHeaders: ReadonlyMap<string, string>;
}

/** How a source is pushed to. What is given must all hold. */
export interface HttpDoor {
  /** Secret path segments, any one of which will do; empty: the path has none. */
  readonly tokens: readonly string[];
  /** Networks; empty: any address. */
  readonly allowFrom: readonly string[];
  /** Null: signatures are not looked at. */
  readonly push: PushAuthentication | null;
  /** Milliseconds from the arrival of a request to its answer. */
  readonly deadline: number;
  /** Somebody has written down that nobody is asked who he is. */
  readonly unauthenticated: boolean;
}

/** What proves to the provider's API who we are. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** The queue that a source is fetched from. */
export interface QueueDoor {
  readonly queue: string;
  /** Which of the provider's endpoints are meant where none is named. */
  readonly region: 'mainland' | 'international';
  /** Address without a trailing slash; null: the region's. */
  readonly queueEndpoint: string | null;
  /** How queues of the provider's own account are entered; null: the queue is our own, and the credentials open it. */
  readonly token: {
    /** Address without a trailing slash; null: the region's. */
    readonly endpoint: string | null;
    /** What the provider calls the contents of the queue. */
    readonly messageType: string;
  } | null;
  readonly credentials: Credentials;
  /** Most requests for messages under way at once. */
  readonly concurrency: number;
  /** Seconds that a request waits for a message, 1 to 30. */
  readonly wait: number;
  /** Nothing is fetched; the queue keeps it. */
  readonly paused: boolean;
}

/** A customer's account at a provider. */
export interface Account {
  readonly provider: ProviderId;
  readonly labels: Labels;
  /** By the number or page as the provider reports it. */
  readonly senders: ReadonlyMap<string, Sender>;
  /** On which its sources, and the senders that are listed, say that it sends; each once, sorted. */
  readonly channels: readonly Channel[];
  /** How long to wait for a final report about a submitted message, ms, where its submission does not say. */
  readonly expectReportWithin: number;
}

/** One receipt type of one account, with everything that it has from its account. */
export interface Source {
  readonly id: string;
  readonly provider: ProviderId;
  readonly account: string;
  readonly receipt: string;
  /** Null: only the receipt's sender tells it. */
  readonly channel: Channel | null;
  readonly labels: Labels;
  /** IANA name of the zone that local times are in. */
  readonly timeZone: string;
  /** By the number or page as the provider reports it. */
  readonly senders: ReadonlyMap<string, Sender>;
  /** What Alibaba's `SendStatus` 1 means; null: text "1" delivered, number 1 pending. */
  readonly sendStatusOne: 'delivered' | 'submitted' | null;
  /** For how long it may bring nothing before somebody should be told, ms; null: nobody is. */
  readonly expectWithin: number | null;
  /** Null: the source is not pushed to, or the configuration was read without secrets. */
  readonly http: HttpDoor | null;
  /** Null: the source has no queue, or the configuration was read without secrets. */
  readonly mns: QueueDoor | null;
}

/** The configuration, whole and checked. */
export interface Configuration {
  /** First segment of every event's source. */
  readonly installation: string;
  /** A UUID; secret. */
  readonly identityNamespace: string;
  /** Networks whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** By our name for them. */
  readonly accounts: ReadonlyMap<string, Account>;
  /** By id. */
  readonly sources: ReadonlyMap<string, Source>;
}
