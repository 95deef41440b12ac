import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Submission } from '#contracts';
import {
  CONFIGURATION,
  huaweiReport,
  OFTEN,
  statusOf,
  submission,
  submit,
} from '../../../test/submissions/submissions.js';
import type { AppProcess } from '../../../test/system/app-process.js';
import { Installation, push } from '../../../test/system/installation.js';
import { until } from '../../../test/system/until.js';
import { abortTransaction } from './abort-transaction-for-tests.js';
import { remakeTopic } from './remake-topic-for-tests.js';

describe('reports that never come', () => {
  let installation: Installation;
  let ingress: AppProcess;
  let normaliser: AppProcess;
  let projector: AppProcess;

  beforeEach(async () => {
    installation = await Installation.create({ configuration: CONFIGURATION, environment: OFTEN });
    ({ ingress, normaliser, projector } = await installation.startAll());
  }, 120_000);

  afterEach(async () => {
    await installation.stop();
  }, 60_000);

  it('are said although the topics end with what nobody can read, before and after a restart', async () => {
    const [first, second] = [submission({ expectReportWithin: 'PT1H' }), submission({ expectReportWithin: 'PT1H' })];
    await submit(installation, first, second);
    await until('both are pending', async () => (await installation.rows('SELECT 1 FROM message')).length === 2);
    const expire = async (submitted: Submission): Promise<void> => {
      for (const name of ['raw-receipts.v1', 'submissions.v1', 'events.v1'] as const) {
        await abortTransaction(installation.kafka, installation.topic(name));
      }
      await installation.rows('UPDATE message SET report_due_at = now() WHERE message_id = $1', [submitted.messageId]);
      await until('it has expired', async () => (await statusOf(installation, submitted)) === 'expired');
    };
    await expire(first);
    await Promise.all([normaliser, projector].map(({ process }) => process.stop('SIGTERM', 20_000)));
    normaliser = await installation.start('normaliser');
    projector = await installation.start('projector');
    await expire(second);
    expect(projector.log()).not.toContain('records-gone');
    expect(normaliser.log()).not.toContain('records-gone');
  }, 120_000);

  it('are said although a topic of receipts was made anew while some of its receipts were waited for', async () => {
    const submitted = submission({ expectReportWithin: 'PT1H' });
    await submit(installation, submitted);
    await until('it is pending', async () => (await statusOf(installation, submitted)) === 'pending');
    await normaliser.process.stop('SIGTERM', 20_000);
    expect((await push(ingress, 'hw-status', huaweiReport(submission()))).status).toBe(200);
    await installation.rows('UPDATE message SET report_due_at = now()');
    await until('it is held back', () => projector.log().includes('timeouts.held-back'));
    await remakeTopic(installation.kafka, installation.topic('raw-receipts.v1'));
    await until('it has expired', async () => (await statusOf(installation, submitted)) === 'expired');
  }, 120_000);
});
