import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { headerValues, type IncomingRecord } from '#kafka';
import { StartError } from '#runtime';

/** A file of JSON lines that records are written down in. */
export interface RecordFile {
  write(lines: readonly object[]): Promise<void>;
  close(): Promise<void>;
}

/** Only for whoever has written it: records hold what receipts hold. */
const MODE = 0o600;

/**
 * Makes the file.
 * @param path `-`: the output of the command
 * @throws StartError when it is there already, or cannot be made
 */
export async function openRecordFile(path: string, output: Writable): Promise<RecordFile> {
  if (path === '-') return { write: (lines) => print(output, textOf(lines)), close: () => Promise.resolve() };
  try {
    const file = await open(path, 'wx', MODE);
    return { write: (lines) => file.appendFile(textOf(lines)), close: () => file.close() };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new StartError(`${path} is there already: name a new file`);
    throw new StartError(`${path} cannot be written (${code ?? 'unknown error'})`);
  }
}

/** Everything of a record, bytes included: text where they are UTF-8, else Base64, as `encoding` says. */
export function recordFields({ topic, partition, offset, timestamp, key, value, headers }: IncomingRecord): object {
  const encodedHeaders = Object.entries(headerValues(headers)).map(([name, header]) => [
    name,
    textOrBase64(Buffer.from(header)).text,
  ]);
  const { text, encoding } = textOrBase64(value ?? Buffer.alloc(0));
  return {
    topic,
    partition,
    offset,
    timestamp,
    key: key === null ? null : textOrBase64(key).text,
    headers: Object.fromEntries(encodedHeaders) as object,
    encoding,
    value: value === null ? null : text,
  };
}

function textOrBase64(bytes: Buffer): { readonly text: string; readonly encoding: 'utf8' | 'base64' } {
  return isUtf8(bytes)
    ? { text: bytes.toString('utf8'), encoding: 'utf8' }
    : { text: bytes.toString('base64'), encoding: 'base64' };
}

function textOf(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function print(output: Writable, text: string): Promise<void> {
  return new Promise((resolve) => {
    output.write(text, () => {
      resolve();
    });
  });
}
