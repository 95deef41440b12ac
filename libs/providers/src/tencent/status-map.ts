import type { MessageStatus, RetryAdvice, StatusReason } from '#contracts';

/**
 * Version of every table in this file. Raise it with every change of a table: for one event id the highest revision
 * replaces what was mapped before, so a wrong line is repaired by replay. status-map.spec.ts holds a hash per revision.
 */
export const MAPPING_REVISION = 1;

/** What a code says beside `report_status`. `reason` and `retry` are null where the message is not lost. */
export interface CodeMeaning {
  readonly status: MessageStatus;
  readonly reason: StatusReason | null;
  readonly retry: RetryAdvice | null;
}

/** The status that a code stands for, where it is more than "not delivered". */
const OUTCOMES: Readonly<Record<string, CodeMeaning>> = {
  DELIVRD: { status: 'delivered', reason: null, retry: null },
  UNKNOWN: { status: 'failed', reason: 'unknown', retry: 'unknown' },
  // Usually because of the handset, says the international page.
  DELETED: { status: 'deleted', reason: 'handset', retry: 'unknown' },
};

/** Codes that mean the same, told apart by carrier or by nothing. */
type CodeGroup = readonly [meaning: CodeMeaning, codes: string];

/**
 * `errmsg` of delivery reports: the receipt codes of all carriers, then of China Mobile, Unicom and Telecom, from the
 * vendor's page on codes (`product/移动与通信/短信/开发指南/错误码.md` of github.com/tencentyun/qcloud-documents, the source of
 * https://cloud.tencent.com/document/product/382/3771), and the international ones of
 * https://www.tencentcloud.com/document/product/382/35462; both read in November 2026. The vendor gives causes in words;
 * `reason` and `retry` are our reading of them. Codes to which it gives no cause are absent on purpose. From December
 * 2026 a new set is announced for international messages, with details in `sub_error`.
 *
 * Blanks inside a code are as published. `BWLIST _006` looks like a slip, so it is here without its blank too.
 */
const GROUPS: readonly CodeGroup[] = [
  // No such number, or no longer.
  [
    lost('number', 'never'),
    `MK:0012 MK:0000 MK:0001 MK00001 MK:0013 MI:0010 XL:169 TA:169 TD:18 1 67 61 95 101 72 ERR_NUM ERR_NUM_006 75`,
  ],
  // Suspended by carrier or customer.
  [lost('number', 'later'), `MN0013 5 20 98 99 50 45 36 56 93 182`],
  // Dead, suspended or off: the vendor cannot tell.
  [
    lost('number', 'unknown'),
    `UNDELIVRD UNDELIV MN:0001 MN:0054 MI:0011 MC:0151 MI:0005 MI:0000 MI:0004 MI:0020 MI:0084 MN:0029 IC:0151 MI:0055
     MI:0054 MK:0075 MN:0022 MN:0012 MI:0059 MN:0050 12 10 24 UNDELIV_701 UNDELIV_802 UNDELIV_801
     UNDELIV_601 UNDELIV_640 UNDELIV_705 UNDELIV_869 UNDELIV_602 UNDELIV_614 UNDELIV_702 UNDELIV_815 UNDELIV_771
     UNDELIV_711 UNDELIV_627 UNDELIV_814 UNDELIV_660 UNDELIV_613 UNDELIV_619 UNDELIV_680 UNDELIV_636 UNDELIV_726
     UNDELIV_718 UNDELIV_880 UNDELIV_634 UNDELIV_001 UNDELIV_620`,
  ],
  // Off, out of reach, full, busy, roaming, or suspended for a moment.
  [
    lost('handset', 'later'),
    `MI:0013 IC:0001 MI:0029 MK:0004 MK:0011 IA:0054 MC:0055 MC:0055_006 MC:0055_000 MN:0059 MK:0029 MK:0024 MK:0015
     MK:0010 MK:0017 MK:0008 DA:0054 IB:0064 MI00022 MB:1031 MB:1042 MK:0009 MN:0041 MK:0090 MI:0052 MI:0056 MI0020 4 54
     15 51 -37 55 86 79 53 89 64 88 70 43 -43 219 124 105 213 002`,
  ],
  // A handset or a contract that takes no SMS.
  [lost('handset', 'unknown'), `MK:0005 MI:0012 MK:0019 MK:0003 27 44 118 52 31 18 19 29`],
  [
    lost('blocked', 'never'),
    `MX:0012 BWLIST BWLIST_006 TD:0001 TD:19 MB:1077 DB:0141 DB:0164 DB:0144 DB00144 HD:19 TUIDING HIGRISK TC:0001
     W-BLACK 69`,
  ],
  [lost('throttled', 'later'), `MX:0003 TE:0003 MB:1026`],
  // Keywords, a reviewer's no, suspected phishing, a length that does not fit.
  [lost('content', 'after-fix'), `TE:0014 TD:0004 TC:0007 -106 8`],
  // Refused, for whatever cause; the international page counts unregistered text and sender names among them.
  [lost('unknown', 'after-fix'), `REJECTD MN:0017 REJECTD_006 REJECTD_706 EXPIRED_615`],
  // Something inside the carrier, or on the way to it.
  [
    lost('route', 'later'),
    `TE:0002 MX:0002 NOROUTE COMFAIL WTNFAIL BEYONDN MI:0022 MN:0075 IC:0015 MC00151 IC:0055 MB:1078 MN00001 ID:0013
     MI:0081 MN:0052 IA:0073 IA:0051 MN:0020 MI:0008 MI:0045 MN:0055 MI:0036 MK:0020 MK:0022 MN:0053 DB:0505 ID:0070
     MA:0051 IB:0008 MI:0041 MI:0064 MI:0057 MI:0098 MK:0036 MN:0019 MI:0030 MI:0023 MI:0002 MK:0055 MK:0066 IB:0009
     MK:0006 MK:0053 MK:0023 MK:0045 MA:0054 MK:0041 MK:0063 MK:0084 MB:0088 MI00036 MI:0099 MI:0089 MI:0063 MI:0090
     DB:0107 IB:0255 MA:0022 IB:0013 MA:0001 MK:0065 MN:0009 DB:0010 MI:0038 MK:0021 MK:0051 MK:0068 MI:0048 MK:0056
     MK:0057 MK:0088 CA:0054 11 59 23 17 22 90 -74 2 104 57 3 14 -1 148 48 63 73 32 40 110 116 21 LT:0002
     UNDELIV_870 EXPIRED_612 EXPIRED_614 EXPIRED_618 EXPIRED_613 EXPIRED_617`,
  ],
  // The carrier's account of us is wrong: number of charge, service code.
  [lost('config', 'after-fix'), `13 106 ID:0012 DB:0106`],
  // Refused on submission: the number's form, and so on.
  [lost('number', 'after-fix'), `SUBFAIL`],
  // Validity passed. Whether handset or network was at fault is not said.
  [
    { status: 'expired', reason: null, retry: 'later' },
    `EXPIRED MI00000 EXPIRED_602 EXPIRED_760 EXPIRED_601 EXPIRED_660 EXPIRED_702 EXPIRED_640 EXPIRED_010 EXPIRED_619
     EXPIRED_999`,
  ],
];

/** Codes that hold a blank. */
const WITH_BLANKS: Readonly<Record<string, CodeMeaning>> = {
  'BWLIST _006': lost('blocked', 'never'),
  'MOBILE BLACK': lost('blocked', 'never'),
};

/** A Map, so that a code such as `constructor` finds nothing. */
export const CODE_MEANINGS: ReadonlyMap<string, CodeMeaning> = new Map([
  ...Object.entries(OUTCOMES),
  ...GROUPS.flatMap(([meaning, codes]) => codes.split(/\s+/).map((code) => [code, meaning] as const)),
  ...Object.entries(WITH_BLANKS),
]);

function lost(reason: StatusReason, retry: RetryAdvice): CodeMeaning {
  return { status: 'failed', reason, retry };
}
