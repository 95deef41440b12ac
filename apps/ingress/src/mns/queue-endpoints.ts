import type { QueueDoor } from '#runtime';

/** Addresses without a trailing slash, and what a token is asked for in. */
export interface QueueEndpoints {
  readonly queue: string;
  readonly token: string;
  readonly regionId: string;
}

/**
 * The accounts of Alibaba Cloud that hold the queues of all its customers, and who gives tokens for them
 * (https://help.aliyun.com/document_detail/101887.html, its international counterpart, and the vendor's own clients).
 */
const REGIONS: Readonly<Record<QueueDoor['region'], QueueEndpoints>> = {
  mainland: {
    queue: 'https://1943695596114318.mns.cn-hangzhou.aliyuncs.com',
    token: 'https://dybaseapi.aliyuncs.com',
    regionId: 'cn-hangzhou',
  },
  international: {
    queue: 'https://1493622401794734.mns.ap-southeast-1.aliyuncs.com',
    token: 'https://dybaseapi.ap-southeast-1.aliyuncs.com',
    regionId: 'ap-southeast-1',
  },
};

/** What stands in for the regions' addresses where a source names none; null: nothing does. */
export interface EndpointOverrides {
  readonly mnsQueueEndpoint: string | null;
  readonly mnsTokenEndpoint: string | null;
}

/** Where a source is fetched from: what it says itself, else the environment, else its region. */
export function endpointsOf(door: QueueDoor, overrides: EndpointOverrides): QueueEndpoints {
  const { queue, token, regionId } = REGIONS[door.region];
  return {
    queue: door.queueEndpoint ?? overrides.mnsQueueEndpoint ?? queue,
    token: door.token?.endpoint ?? overrides.mnsTokenEndpoint ?? token,
    regionId,
  };
}
