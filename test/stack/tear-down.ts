/** Stops what set-up.ts started. */
export default async function tearDown(): Promise<void> {
  await globalThis.quittanceTestStack?.stop();
}
