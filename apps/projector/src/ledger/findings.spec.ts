import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Findings, type Outcome } from './findings.js';
import { BLOCK, offsetsIn } from './receipt-bits.js';

const OUTCOMES: readonly Outcome[] = ['projected', 'deadLettered', 'empty', 'copied'];
const note = fc.record({
  partition: fc.nat(2),
  offset: fc.nat(3 * BLOCK),
  source: fc.constantFrom('a', 'b'),
  hour: fc.constantFrom(0, 3_600_000),
  redriven: fc.boolean(),
  outcome: fc.option(fc.constantFrom(...OUTCOMES)),
  receipts: fc.nat(100),
});
type Note = typeof note extends fc.Arbitrary<infer T> ? T : never;

function add(findings: Findings, { partition, offset, source, hour, redriven, outcome, receipts }: Note): void {
  if (outcome !== null) findings.addEnded({ partition, offset }, outcome);
  else findings.addPublished({ partition, offset }, { source, hour, redriven });
  findings.addAccepted({ instance: 'i', source, hour, receipts, final: redriven });
}

function told(findings: Findings) {
  const sorted = (lines: string[]) => lines.sort();
  return {
    published: sorted(
      [...findings.published].map(({ bits, ...of }) => JSON.stringify([Object.entries(of).sort(), bits.toHex()])),
    ),
    ended: sorted(
      [...findings.ended].map(({ partition, block, bits }) =>
        JSON.stringify([partition, block, OUTCOMES.map((outcome) => bits[outcome]?.toHex())]),
      ),
    ),
    accepted: sorted([...findings.accepted].map((of) => JSON.stringify(Object.entries(of).sort()))),
  };
}

describe('findings', () => {
  it('are the same however often, in which order and in how many stretches the records were read', () => {
    fc.assert(
      fc.property(fc.array(note), fc.array(fc.nat()), fc.nat(), (notes, order, cut) => {
        const once = new Findings();
        for (const of of notes) add(once, of);
        const parts = [new Findings(), new Findings(), new Findings()];
        const disorderly = [...notes, ...notes].sort((_a, _b) => ((order.pop() ?? 0) % 3) - 1);
        disorderly.forEach((of, at) => {
          add(parts[(at + cut) % 3]!, of);
        });
        const all = new Findings();
        for (const part of parts) all.include(part);
        expect(told(all)).toEqual(told(once));
      }),
    );
  });

  it('know a receipt by its offset', () => {
    const findings = new Findings();
    const offsets = [BLOCK, BLOCK + 1, 2 * BLOCK - 1];
    for (const offset of offsets) findings.addEnded({ partition: 3, offset }, 'empty');
    const [ended] = findings.ended;
    expect(ended).toMatchObject({ partition: 3, block: 1 });
    const bits = [...Buffer.from(ended!.bits.empty!.toHex(), 'hex')].map((byte) => byte.toString(2).padStart(8, '0'));
    expect(offsetsIn(1, bits.join(''))).toEqual(offsets);
  });
});
