import { numberDigits, type Channel } from '#contracts';

/**
 * What a person is known by, as texts that are compared: a number whose country is certain, a number as it was written
 * where the country is not, the id that an app gives. What stands in rows is a MAC of such a text, so these forms are for
 * ever: another form is another person.
 */
function identifier(kind: 'e164' | 'written' | 'user', ...values: readonly string[]): string {
  return JSON.stringify([kind, ...values]);
}

/** What a fact says of the person that it is about. */
export interface NamedPerson {
  readonly channel: string;
  /** E.164. */
  readonly number: string | null;
  /** As the provider wrote it. */
  readonly raw: string | null;
  readonly userId: string | null;
}

/** Identifiers of the person that a fact names. */
export function personIdentifiers({ channel, number, raw, userId }: NamedPerson): readonly string[] {
  const identifiers = userId === null ? [] : [userIdentifier(channel, userId)];
  if (number !== null) return [...identifiers, identifier('e164', number)];
  // An app's own id may look like a number and is none.
  const digits = raw === null || raw === userId ? null : numberDigits(raw);
  return digits === null ? identifiers : [...identifiers, identifier('written', digits)];
}

const MAINLAND_MOBILE = /^\+86(1\d{10})$/;

/**
 * Every identifier that a number may have: itself, and as it is written where its country is not certain, with the
 * country code, with 00 before it, and a mainland mobile number without.
 * @param number E.164
 */
export function numberIdentifiers(number: string): readonly string[] {
  const digits = number.slice(1);
  const national = MAINLAND_MOBILE.exec(number)?.[1];
  const written = [digits, `00${digits}`, ...(national === undefined ? [] : [national])];
  return [identifier('e164', number), ...written.map((text) => identifier('written', text))];
}

/** Where people have ids of their own. */
export const CHANNELS_WITH_USERS = [
  'whatsapp',
  'viber',
  'messenger',
  'instagram',
] as const satisfies readonly Channel[];

/** The identifier of an app's user. */
export function userIdentifier(channel: string, userId: string): string {
  return identifier('user', channel, userId);
}
