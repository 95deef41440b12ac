import { createRequire } from 'node:module';

/** A message as `@alicloud/mns` gives it. */
export interface MnsMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly MessageBody: string;
  readonly DequeueCount: string;
  readonly EnqueueTime: string;
  readonly FirstDequeueTime: string;
  readonly NextVisibleTime: string;
}

interface Answer<T> {
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: T;
}

/** The part of `@alicloud/mns` that is used here; it brings no types. */
export interface MnsClient {
  createQueue(name: string, params?: object): Promise<Answer<undefined>>;
  setQueueAttributes(name: string, params: object): Promise<Answer<undefined>>;
  getQueueAttributes(name: string): Promise<Answer<Readonly<Record<string, string>>>>;
  listQueue(start?: string, limit?: number, prefix?: string): Promise<Answer<readonly { readonly QueueURL: string }[]>>;
  deleteQueue(name: string): Promise<Answer<undefined>>;
  sendMessage(queue: string, params: object): Promise<Answer<MnsMessage>>;
  batchSendMessage(queue: string, params: readonly object[]): Promise<Answer<readonly MnsMessage[]>>;
  receiveMessage(queue: string, wait?: number): Promise<Answer<MnsMessage>>;
  batchReceiveMessage(queue: string, most: number, wait?: number): Promise<Answer<readonly MnsMessage[]>>;
  peekMessage(queue: string): Promise<Answer<MnsMessage>>;
  batchPeekMessage(queue: string, most: number): Promise<Answer<readonly MnsMessage[]>>;
  deleteMessage(queue: string, handle: string): Promise<Answer<undefined>>;
  batchDeleteMessage(
    queue: string,
    handles: readonly string[],
  ): Promise<Answer<readonly { readonly ErrorCode: string; readonly ReceiptHandle: string }[] | undefined>>;
  changeMessageVisibility(queue: string, handle: string, seconds: number): Promise<Answer<MnsMessage>>;
}

type MnsClientClass = new (
  account: string,
  options: {
    readonly endpoint: string;
    readonly accessKeyId: string;
    readonly accessKeySecret: string;
    readonly securityToken?: string;
  },
) => MnsClient;

/** The vendor's client of today. */
export const MnsClient = createRequire(import.meta.url)('@alicloud/mns') as MnsClientClass;
