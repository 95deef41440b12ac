import type { Random } from './random.js';
import type { Keyword } from './truth.js';

/** What people answer by SMS, and what they mean by it. */
export interface ReplyText {
  readonly text: string;
  readonly keyword: Keyword | null;
}

/** Opt-outs in the words that promotional messages offer, and in several spellings; and the rest. */
const REPLY_TEXTS: readonly ReplyText[] = [
  ...['TD', 'T', 'R', '退订', 'td', 'ＴＤ', ' TD '].map((text) => ({ text, keyword: 'stop' as const })),
  { text: '帮助', keyword: 'help' },
  { text: 'START', keyword: 'start' },
  ...['1', '好的', '收到，谢谢', 'OK', 'Y', '明天几点？', '👍 收到', '查询余额', 'TD了吗', '我不想退订'].map(
    (text) => ({
      text,
      keyword: null,
    }),
  ),
];

/** One of them. */
export function replyText(random: Random): ReplyText {
  return random.pick(REPLY_TEXTS);
}
