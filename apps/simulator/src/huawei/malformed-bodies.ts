import type { MalformedShape } from '../plan/malformed.js';

/** What cannot be read of Huawei Cloud, properly signed all the same. */
export const MALFORMED_BODIES: readonly MalformedShape[] = [
  // Cut off in the middle.
  {
    source: 'huawei-status',
    body: (mark) => `{"statusReportList":[{"smsMsgId":"${mark}","status":"DELIVRD"`,
  },
  // A form without the message that it is about.
  { source: 'huawei-status-single', body: (mark) => `status=DELIVRD&source=2&extend=${mark}` },
];
