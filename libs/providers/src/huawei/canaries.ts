import type { MakeCanary } from '../canary.js';

/** Canaries by receipt type. Its reports need name nobody. */
export const CANARIES: Readonly<Record<string, MakeCanary>> = {
  BatchStatusReport: ({ messageId, at }) => ({
    contentType: 'application/json;charset=UTF-8',
    body: JSON.stringify({ statusReportList: [reportOf(messageId, at)] }),
  }),
  StatusReport: ({ messageId, at }) => ({
    contentType: 'application/x-www-form-urlencoded',
    body: new URLSearchParams(reportOf(messageId, at)).toString(),
  }),
};

function reportOf(messageId: string, at: number) {
  const updateTime = `${new Date(at).toISOString().slice(0, 19)}Z`;
  return { sequence: '1', total: '1', updateTime, source: '2', smsMsgId: messageId, status: 'DELIVRD' };
}
