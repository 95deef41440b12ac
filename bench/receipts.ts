/**
 * The body of a delivery report push as Alibaba Cloud sends it: a JSON array of `perBody` receipts, each about 240
 * bytes and each for a message of its own. Receipt number n is always the same, so a run can be repeated.
 * @param first number of the first receipt in it
 */
export function body(first: number, perBody: number): string {
  let text = '';
  for (let at = first; at < first + perBody; at++) text += (at === first ? '[' : ',') + receipt(at);
  return `${text}]`;
}

function receipt(number: number): string {
  const recipient = `139${String(number % 100_000_000).padStart(8, '0')}`;
  const bizId = `9008${String(number).padStart(12, '0')}`;
  return (
    `{"phone_number":"${recipient}","send_time":"${timeOf(number)}","report_time":"${timeOf(number + 4)}",` +
    '"success":true,"err_code":"DELIVERED","err_msg":"User received successfully","sms_size":"1",' +
    `"biz_id":"${bizId}","out_id":"67890"}`
  );
}

/** Second `number` of one day in Beijing: reports come a few seconds after the message, nearly always on the same day. */
function timeOf(number: number): string {
  return new Date(Date.UTC(2026, 10, 20) + (number % 86_400) * 1_000).toISOString().slice(0, 19).replace('T', ' ');
}
