import type { MalformedShape } from '../plan/malformed.js';

/** What cannot be read of Tencent Cloud. */
export const MALFORMED_BODIES: readonly MalformedShape[] = [
  // Without `sid` nobody can say which message it is about.
  {
    source: 'tencent-status',
    body: (mark) =>
      JSON.stringify([
        { nationcode: '86', mobile: '13800000001', report_status: 'SUCCESS', errmsg: 'DELIVRD', ext: mark },
      ]),
  },
];
