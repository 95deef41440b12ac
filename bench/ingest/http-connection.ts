import { connect, type Socket } from 'node:net';

/** Told of every answer: the HTTP status, or 0 where the connection ended first. */
export type OnAnswer = (connection: HttpConnection, status: number) => void;

const HEAD_END = '\r\n\r\n';
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;

/**
 * One kept-alive connection with one request at a time. As cheap as it can be, because it shares the cores with what it
 * measures: one read buffer for its whole life, and an answer that is as long as the last 200 is not taken apart.
 */
export class HttpConnection {
  /** When its request was to start, `performance.now()` ms. Kept here, so that a request needs no object of its own. */
  intendedAt = 0;
  /** When it did. */
  sentAt = 0;
  #socket: Socket | null = null;
  #busy = false;
  #partial = '';
  #usualLength = 0;
  readonly #buffer = Buffer.allocUnsafe(16 * 1024);

  constructor(
    private readonly host: string,
    private readonly port: number,
    private readonly onAnswer: OnAnswer,
  ) {}

  /** Resolves when the connection is open. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect({
        host: this.host,
        port: this.port,
        noDelay: true,
        onread: {
          buffer: this.#buffer,
          callback: (length, buffer) => {
            this.#read(buffer as Buffer, length);
            return true;
          },
        },
      });
      this.#socket = socket;
      socket.once('connect', resolve);
      socket.once('error', reject);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        if (this.#socket === socket) this.#socket = null;
        if (this.#busy) this.#answered(0);
      });
    });
  }

  /** Sends a request; there must be none under way. Opens the connection anew where the server has closed it. */
  send(request: Buffer): void {
    this.#busy = true;
    if (this.#socket !== null) {
      this.#socket.write(request);
      return;
    }
    this.open().then(
      () => this.#socket?.write(request),
      () => undefined,
    );
  }

  close(): void {
    this.#busy = false;
    this.#socket?.destroy();
  }

  #read(buffer: Buffer, length: number): void {
    // Twelve characters into "HTTP/1.1 200" there is the end of the status.
    if (length === this.#usualLength && this.#partial === '' && buffer[9] === 0x32) {
      this.#answered(200);
      return;
    }
    this.#partial += buffer.toString('latin1', 0, length);
    const headEnd = this.#partial.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = this.#partial.slice(0, headEnd);
    const size = headEnd + HEAD_END.length + Number(CONTENT_LENGTH.exec(head)?.[1] ?? 0);
    if (this.#partial.length < size) return;
    const status = Number(head.slice(9, 12));
    if (status === 200) this.#usualLength = size;
    this.#partial = '';
    this.#answered(status);
  }

  #answered(status: number): void {
    if (!this.#busy) return;
    this.#busy = false;
    this.onAnswer(this, status);
  }
}
