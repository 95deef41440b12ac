/** Writes what may be personal so that its owner is recognised only by somebody who knows it already. */
export interface Mask {
  /** A telephone number, an app's id of a person. */
  readonly number: (value: string) => string;
  /** The caller's own id of a message: it may be anything. */
  readonly reference: (value: string) => string;
  /** A provider's words, in which somebody's number may stand. */
  readonly words: (value: string) => string;
}

/** Country code and the first digits of an operator; the last four, by which people tell numbers apart. */
const HEAD = 6;
const TAIL = 4;
/** As short as numbers are, with room for codes that are none. */
const NUMBER_IN_TEXT = /\+?\d{7,}/g;

/** Nothing personal is shown whole: `+86138****1234`. */
export const MASKED: Mask = {
  number: masked,
  reference: masked,
  words: (value) => value.replaceAll(NUMBER_IN_TEXT, '****'),
};

/** Everything as it is, for who asked for it by `--show-personal`. */
export const UNMASKED: Mask = { number: same, reference: same, words: same };

function masked(value: string): string {
  if (value.length >= HEAD + TAIL + 2) return `${value.slice(0, HEAD)}****${value.slice(-TAIL)}`;
  // Of a short one not more than a third.
  const shown = Math.floor(value.length / 6);
  return `${value.slice(0, shown)}****${shown === 0 ? '' : value.slice(-shown)}`;
}

function same(value: string): string {
  return value;
}

/** What would move a terminal's cursor, change its title, begin a line of its own, or turn text round. */
// eslint-disable-next-line no-control-regex -- these are what it is about
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** A line as a terminal may have it: providers' words and ids are whatever somebody pushed. */
export function printable(line: string): string {
  return line.replaceAll(CONTROLS, '\ufffd');
}
