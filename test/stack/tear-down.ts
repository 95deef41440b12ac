import pg from 'pg';

/** Stops what set-up.ts started, and removes what it made on a server that stays. */
export default async function tearDown(): Promise<void> {
  const template = process.env.TEST_DATABASE_TEMPLATE;
  if (template !== undefined) {
    const client = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL! });
    await client.connect();
    await client.query(`DROP DATABASE IF EXISTS ${template}`);
    await client.end();
  }
  await globalThis.quittanceTestStack?.stop();
}
