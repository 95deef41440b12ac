const EIGHT_HOURS = 8 * 60 * 60 * 1000;

/** A local time as Chinese vendors write it, `yyyy-MM-dd HH:mm:ss`, at UTC+8 and without saying so. */
export function beijingTime(unixMs: number): string {
  return new Date(unixMs + EIGHT_HOURS).toISOString().slice(0, 19).replace('T', ' ');
}

/** The same moment as RFC 2822 writes it: `Thu, 09 Jul 2026 11:01:20 +0800`. */
export function beijingTimeWithOffset(unixMs: number): string {
  return new Date(unixMs + EIGHT_HOURS).toUTCString().replace('GMT', '+0800');
}

/** UTC to the second: `2026-07-09T03:01:20Z`. */
export function utcSeconds(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 19)}Z`;
}
