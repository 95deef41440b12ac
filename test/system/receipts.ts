let counter = 0;

/** A report as the vendor's own page shows it, with numbers that no other test uses. */
export function smsReport(changes: Readonly<Record<string, unknown>> = {}) {
  counter += 1;
  const number = String(counter).padStart(8, '0');
  return {
    phone_number: `139${number}`,
    send_time: '2026-07-09 11:01:20',
    report_time: '2026-07-09 11:01:33',
    success: true,
    err_code: 'DELIVERED',
    err_msg: '用户接收成功',
    sms_size: '1',
    biz_id: `9000000000${number}^0`,
    out_id: `order-${number}`,
    ...changes,
  };
}
