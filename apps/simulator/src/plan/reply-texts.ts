/** What people answer by SMS: opt-outs in several spellings, and the rest. */
export const REPLY_TEXTS = [
  'TD',
  'T',
  '1',
  '退订',
  '好的',
  '收到，谢谢',
  'OK',
  'Y',
  '明天几点？',
  '👍 收到',
  'R',
  '查询余额',
];
