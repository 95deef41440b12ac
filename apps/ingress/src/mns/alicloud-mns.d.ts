/** The part of `@alicloud/mns` 1.2.0 that is used here; the package has no types of its own. */
declare module '@alicloud/mns' {
  /** What `httpx`, which the package sends with, understands of the options that are handed through. */
  export interface RequestOptions {
    readonly agent?: import('node:http').Agent;
    /** Until the whole answer is there, ms; the connection stays open. */
    readonly readTimeout?: number;
    /** Silence on the connection, ms: also while a long poll waits. */
    readonly connectTimeout?: number;
    readonly beforeRequest?: (options: import('node:http').RequestOptions) => import('node:http').RequestOptions;
  }

  export interface ClientOptions {
    readonly endpoint: string;
    readonly accessKeyID: string;
    readonly accessKeySecret: string;
    readonly securityToken?: string;
  }

  export interface Response<T> {
    /** HTTP status. */
    readonly code: number;
    /** Only those that were asked for. */
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly body: T;
  }

  export default class MnsClient {
    constructor(accountId: string, options: ClientOptions);

    /** Every operation goes through here. Rejects with an Error named `MNS<code>Error` where the queue says no. */
    protected request<T>(
      method: string,
      resource: string,
      type: string,
      body: string | Buffer,
      attentions?: readonly string[],
      options?: RequestOptions,
    ): Promise<Response<T>>;

    batchReceiveMessage(
      queue: string,
      count: number,
      waitSeconds?: number,
    ): Promise<Response<readonly Readonly<Record<string, unknown>>[] | undefined>>;

    /** 404 where the queue is empty. */
    peekMessage(queue: string): Promise<Response<Readonly<Record<string, unknown>>>>;

    /** 404 with a body: these were not deleted, all others were. */
    batchDeleteMessage(
      queue: string,
      receiptHandles: readonly string[],
    ): Promise<Response<readonly Readonly<Record<string, unknown>>[] | undefined>>;
  }
}
