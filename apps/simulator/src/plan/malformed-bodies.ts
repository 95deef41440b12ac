/**
 * Bodies that no one can read in full. Each holds exactly one unreadable thing, so it must end as exactly one dead
 * letter, and each holds the run's tag, so that no two dead letters look alike.
 */
export function planMalformedBodies(tag: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const mark = `malformed-${tag}-${index}`;
    const shape = SHAPES[index % SHAPES.length] as (mark: string) => string;
    return shape(mark);
  });
}

const SHAPES: readonly ((mark: string) => string)[] = [
  // Cut off in the middle, as by a proxy that gave up.
  (mark) => `[{"phone_number":"13800000001","success":true,"out_id":"${mark}"`,
  // An element that is no object.
  (mark) => JSON.stringify([mark]),
  // Without `biz_id` nobody can say which message it is about.
  (mark) =>
    JSON.stringify([
      {
        phone_number: '13800000001',
        send_time: '2026-07-09 11:01:20',
        report_time: '2026-07-09 11:01:33',
        success: true,
        err_code: 'DELIVERED',
        err_msg: '用户接收成功',
        sms_size: '1',
        out_id: mark,
      },
    ]),
  // JSON, but nothing that holds receipts.
  (mark) => JSON.stringify(mark),
];
