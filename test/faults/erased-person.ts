import { DEVELOPMENT } from '../../dev/apps.js';
import { push } from '../system/installation.js';
import { smsReport } from '../system/receipts.js';
import { until } from '../system/until.js';
import { operate } from './operator.js';
import type { Stage } from './stage.js';

/** The number of somebody who will ask to be forgotten: nobody's else. */
const NUMBER = '13744445555';

const EVERY_ROW = `SELECT row_to_json(t)::text AS text FROM message t UNION ALL SELECT row_to_json(t)::text FROM message_history t`;

/** Somebody whom a message is sent to, who is erased, and whom no disaster may bring back. */
export class ErasedPerson {
  readonly #stage: Stage;

  private constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Has a row with the number, made of a receipt that was pushed. */
  static async in(stage: Stage): Promise<ErasedPerson> {
    const person = new ErasedPerson(stage);
    const ingress = stage.part('ingress-1');
    const body = JSON.stringify([smsReport({ phone_number: NUMBER, biz_id: '8000000000000000001^0' })]);
    const taken = async () =>
      (await push(ingress, 'ali-sms-report', body, { token: DEVELOPMENT.ALI_TOKEN })).status === 200;
    await until('the push is taken', taken);
    await until('there is a row about the person', async () => (await person.rows()) > 0);
    return person;
  }

  async erase(): Promise<void> {
    await operate(this.#stage, 'erase', '--number', `+86${NUMBER}`);
    if ((await this.rows()) > 0) throw new Error('a person was erased, and rows still hold the number');
  }

  /** How many rows, of tables or histories, hold the number. */
  async rows(): Promise<number> {
    const rows = await this.#stage.installation.rows(EVERY_ROW);
    return rows.filter(({ text }) => String(text).includes(NUMBER)).length;
  }
}
