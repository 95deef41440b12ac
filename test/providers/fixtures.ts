import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Provider, ReceiptType } from '#providers';

/** A receipt as a provider delivers it. */
export interface Fixture {
  /** File name without its ending: `sms-report.delivered`. */
  readonly name: string;
  readonly type: ReceiptType;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Path of the golden file with what it becomes. */
  readonly golden: string;
}

/**
 * Reads `<receipt-type>.<case>.http` (a request: start line, headers, empty line, body to the end of the file) and
 * `<receipt-type>.<case>.mns` (a queue's message body, Base64 undone).
 */
export function readFixtures(provider: Provider, directory: string): Fixture[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.http') || file.endsWith('.mns'))
    .sort()
    .map((file) => {
      const content = readFileSync(join(directory, file));
      const parts = file.endsWith('.http') ? readRequest(content) : { headers: {}, body: content };
      const golden = join(directory, `${file}.events.json`);
      return { name: file, type: typeOf(provider, file), golden, ...parts };
    });
}

function typeOf(provider: Provider, file: string): ReceiptType {
  const prefix = file.slice(0, file.indexOf('.'));
  const type = Object.values(provider.receiptTypes).find(({ name }) => kebab(name) === prefix);
  if (type === undefined) throw new Error(`${file}: no receipt type is called ${prefix}`);
  return type;
}

/** `SmsReport` → `sms-report` */
export function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}

function readRequest(content: Buffer): Pick<Fixture, 'headers' | 'body'> {
  const end = content.indexOf('\n\n');
  const [, ...lines] = content.subarray(0, end).toString('utf8').split('\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { headers, body: content.subarray(end + 2) };
}
