const EIGHT_HOURS = 8 * 60 * 60 * 1000;

/** A local time as the vendor writes it, `yyyy-MM-dd HH:mm:ss`, at UTC+8 and without saying so. */
export function beijingTime(unixMs: number): string {
  return new Date(unixMs + EIGHT_HOURS).toISOString().slice(0, 19).replace('T', ' ');
}
