import type { Keyword } from '#contracts';

/**
 * Words that, as the whole of a reply, stop, resume or ask for help. TD, T and R are what promotional messages in
 * mainland China offer (support.huaweicloud.com/msgsms_faq/sms_faq_0110.html for R); N and 0000 are offered too but left
 * out, because they are also plain answers. The English words are those that carriers require of senders
 * (docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html). Read in November 2026.
 */
const KEYWORDS: ReadonlyMap<string, Keyword> = new Map([
  ...words('stop', ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'TD', 'T', 'R', '退订', '退定', '拒收']),
  ...words('start', ['START', 'UNSTOP', 'SUBSCRIBE', '订阅', '恢复订阅']),
  ...words('help', ['HELP', 'INFO', '帮助']),
]);

const LONGEST = 16;

/** The keyword that a reply consists of, whatever its case, width of letters and outer spaces; else null. */
export function keywordOf(text: string): Keyword | null {
  const word = text.trim();
  // Most replies are longer than any keyword; folding them would be for nothing.
  return word.length > LONGEST ? null : (KEYWORDS.get(word.normalize('NFKC').toUpperCase()) ?? null);
}

function words(keyword: Keyword, list: readonly string[]): [string, Keyword][] {
  return list.map((word) => [word, keyword]);
}
