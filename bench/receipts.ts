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
    `{"phone_number":"${recipient}","send_time":"2017-01-01 11:12:13","report_time":"2017-02-02 22:23:24",` +
    '"success":true,"err_code":"DELIVERED","err_msg":"User received successfully","sms_size":"1",' +
    `"biz_id":"${bizId}","out_id":"67890"}`
  );
}
