import { createHash } from 'node:crypto';
import { headerText, type IncomingRecord } from '#kafka';

/** What was told of one aggregate: of each revision the id and a digest of the value, by revision from 1. */
type Revisions = (string | undefined)[];

/**
 * The rule of the subscriber topics: an aggregate's revisions are 1, 2, … up to that of its row; what is told again has the
 * same id and the same bytes. Takes what a topic holds, in any order, and says where the rule is broken.
 */
export class ToldChanges {
  /** Records taken. */
  records = 0;
  /** Different changes among them. */
  distinct = 0;
  readonly #byKey = new Map<string, Revisions>();
  readonly #broken: string[] = [];

  /** Takes a record of a subscriber topic. */
  take(record: IncomingRecord): void {
    this.records += 1;
    const bytes = record.value?.toString() ?? '';
    const { revision } = JSON.parse(bytes) as { readonly revision: number };
    const key = headerText(record, 'ce_subject') ?? '';
    const told = `${headerText(record, 'ce_id')} ${createHash('md5').update(bytes).digest('base64')}`;
    const revisions = this.#byKey.get(key) ?? [];
    this.#byKey.set(key, revisions);
    const before = revisions[revision - 1];
    if (before === undefined) this.distinct += 1;
    else if (before !== told) this.#broken.push(`${key} revision ${revision}: told again with another id or content`);
    revisions[revision - 1] = told;
  }

  /**
   * Where the rule is broken; empty: nowhere.
   * @param rows revision in the row of every aggregate, by key
   */
  wrong(rows: ReadonlyMap<string, number>): readonly string[] {
    const wrong = [...this.#broken];
    for (const [key, revision] of rows) {
      const revisions = this.#byKey.get(key) ?? [];
      const missing = Array.from({ length: revision }, (_, at) => at + 1).filter(
        (at) => revisions[at - 1] === undefined,
      );
      if (missing.length > 0) wrong.push(`${key}: revisions ${missing.join(', ')} were never told`);
      if (revisions.length > revision)
        wrong.push(`${key}: revision ${revisions.length} was told, its row has ${revision}`);
    }
    for (const key of this.#byKey.keys()) if (!rows.has(key)) wrong.push(`${key}: was told, and has no row`);
    return wrong;
  }
}
