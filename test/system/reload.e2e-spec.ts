/**
 * What is configured changes without a restart: as Kubernetes exchanges mounted files, under load, and nothing is refused
 * or lost on the way.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consumerGroup } from '#contracts';
import { groupReaders } from '#kafka';
import { MountedVolume } from './mounted-volume.js';
import type { AppProcess } from './app-process.js';
import { Installation, push } from './installation.js';
import { smsReport } from './receipts.js';
import { until } from './until.js';

const OLD = 'token-of-the-tests-0001';
const NEW = 'token-of-the-tests-0002';

describe('a changed configuration', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quittance-reload-'));
  let installation: Installation;
  let ingress: AppProcess;
  let normaliser: AppProcess;
  let configuration: MountedVolume;
  let secrets: MountedVolume;

  /** As `quittance.yaml` says it; tokens lie in a volume of their own. */
  const said = ({ sources = ['first'], unit = 'before', head = {} } = {}): string =>
    JSON.stringify({
      identityNamespace: '${IDENTITY_NAMESPACE}',
      ...head,
      accounts: { main: { provider: 'alibaba', labels: { unit } } },
      sources: sources.map((id) => ({
        id,
        account: 'main',
        receipt: 'SmsReport',
        http: { tokens: [`\${file:${secrets.path('token')}}`], deadline: '10s' },
      })),
    });

  /** The value of a metric without labels, or of one line of it. */
  const metric = async (app: AppProcess, name: string): Promise<number> => {
    const text = await (await fetch(`${app.management}/metrics`)).text();
    const line = text.split('\n').find((each) => each.startsWith(`quittance_configuration_${name} `));
    return Number(line?.split(' ').at(-1));
  };
  const applied = (app: AppProcess) => metric(app, 'reloads_total{outcome="applied"}');

  beforeAll(async () => {
    secrets = new MountedVolume(join(directory, 'secrets'), { token: OLD });
    configuration = new MountedVolume(join(directory, 'configuration'), { 'quittance.yaml': said() });
    installation = await Installation.create({
      environment: { QUITTANCE_CONFIG: configuration.path('quittance.yaml') },
    });
    [ingress, normaliser] = await Promise.all([installation.start('ingress'), installation.start('normaliser')]);
  });

  afterAll(async () => {
    await installation.stop();
    rmSync(directory, { recursive: true });
  });

  it('counts for both stages while receipts come in, and none is refused or lost', async () => {
    const group = consumerGroup(installation.environment.TOPIC_PREFIX!, 'normaliser');
    const readers = () => groupReaders(installation.kafka, group, installation.topic('raw-receipts.v1'));
    const before = await readers();

    let isOver = false;
    const accepted: string[] = [];
    const refused: number[] = [];
    const load = [1, 2].map(async () => {
      while (!isOver) {
        const report = smsReport();
        const { status } = await push(ingress, 'first', JSON.stringify([report]), { token: OLD });
        if (status === 200) accepted.push(report.out_id);
        else refused.push(status);
      }
    });
    await until('receipts come in', () => accepted.length > 20);
    configuration.update({ 'quittance.yaml': said({ sources: ['first', 'second'], unit: 'after' }) });
    await until('both have read it', async () => (await applied(ingress)) === 1 && (await applied(normaliser)) === 1);
    const enough = accepted.length + 20;
    await until('receipts go on coming in', () => accepted.length > enough);
    isOver = true;
    await Promise.all(load);
    expect(refused).toEqual([]);

    const report = smsReport();
    expect((await push(ingress, 'second', JSON.stringify([report]), { token: OLD })).status).toBe(200);
    const wanted = [...accepted, report.out_id];
    const events = async () =>
      (await installation.records('events.v1')).map(
        ({ value }) => JSON.parse(value!.toString()) as { reference: string; labels: { unit: string } },
      );
    await until('all of them are events', async () => {
      const references = new Set((await events()).map(({ reference }) => reference));
      return wanted.every((reference) => references.has(reference));
    });
    const units = new Map((await events()).map(({ reference, labels }) => [reference, labels.unit]));
    expect([units.get(accepted[0]!), units.get(report.out_id)]).toEqual(['before', 'after']);
    expect(await installation.records('dead-letters.v1')).toEqual([]);

    await until('the group knows what reads now', async () => {
      const now = await readers();
      return now.size === 1 && ![...now].some((reader) => before.has(reader));
    });
  });

  it('may be a secret alone, which does not disturb who reads no secrets', async () => {
    const joined = normaliser.log().split('kafka.group-joined').length;
    secrets.update({ token: NEW });
    await until(
      'the new token lets in',
      async () => (await push(ingress, 'first', '[]', { token: NEW })).status === 200,
    );
    expect((await push(ingress, 'first', '[]', { token: OLD })).status).toBe(404);
    expect(normaliser.log().split('kafka.group-joined')).toHaveLength(joined);
    expect(await applied(normaliser)).toBe(1);
  });

  it('that is wrong is refused as a whole: a line with every mistake, a metric, and everything goes on', async () => {
    configuration.update({ 'quittance.yaml': said({ sources: ['third', 'B!'], head: { nonsense: 1 } }) });
    for (const app of [ingress, normaliser]) {
      await until('it is refused', async () => (await metric(app, 'last_reload_successful')) === 0);
      const [line = ''] = app
        .log()
        .split('\n')
        .filter((each) => each.includes('configuration.refused'));
      const { mistakes } = JSON.parse(line) as { mistakes: readonly { path: string }[] };
      expect(mistakes.map(({ path }) => path).sort()).toEqual(['nonsense', 'sources[1].id']);
    }
    expect((await push(ingress, 'first', '[]', { token: NEW })).status).toBe(200);
    expect((await push(ingress, 'third', '[]', { token: NEW })).status).toBe(404);
    for (const app of [ingress, normaliser]) expect(app.log()).not.toContain(NEW);

    configuration.update({ 'quittance.yaml': said({ head: { identityNamespace: randomUUID() } }) });
    await until('so is another namespace', () => ingress.log().includes('cannot change while the process runs'));
    configuration.update({ 'quittance.yaml': said({ sources: ['first', 'second'], unit: 'after' }) });
    for (const app of [ingress, normaliser]) {
      await until('it is good again', async () => (await metric(app, 'last_reload_successful')) === 1);
    }
  });

  it('is looked for on SIGHUP as well', async () => {
    const looks = () => metric(ingress, 'reloads_total{outcome="unchanged"}');
    const before = await looks();
    process.kill(ingress.process.pid, 'SIGHUP');
    await until('it has looked', async () => (await looks()) > before);
    expect(await ingress.ready()).toBe(true);
  });
});
