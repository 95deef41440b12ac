/** Something that a person has to put right. The message says what, and is all that is shown: no stack trace. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
