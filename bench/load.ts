/**
 * The client, in a process of its own and the same for both servers. It speaks just enough HTTP over plain sockets to
 * leave the machine to those who are measured.
 */
import { connect, type Socket } from 'node:net';
import { operation, type OperationName, type Request, type World } from './operations.js';

export interface Load {
  operation: OperationName;
  world: World;
  port: number;
  connections: number;
  /** Until then a request may begin. */
  seconds: number;
}

export interface Loaded {
  /** From the first request to the last answer. */
  seconds: number;
  /** Of each request, in ms. */
  latencies: number[];
  /** The first answer that was not what it should be. */
  fault?: string;
}

process.on('message', (load: Load) => void run(load).then((loaded) => process.send?.(loaded)));
process.once('disconnect', () => process.exit(0));

async function run({ operation: name, world, port, connections, seconds }: Load): Promise<Loaded> {
  const made = operation(name);
  const pick = (n: number) => Math.floor(Math.random() * n);
  const latencies: number[] = [];
  let fault: string | undefined;
  const lines = await Promise.all(Array.from({ length: connections }, () => Line.open(port)));
  const began = performance.now();
  const end = began + seconds * 1_000;
  const worker = async (line: Line) => {
    for (let now = performance.now(); now < end && fault === undefined;) {
      const answer = await line.ask(bytesOf(made.request(world, pick)));
      const then = performance.now();
      latencies.push(then - now);
      now = then;
      if (answer.status !== made.status) fault ??= `${name}: ${answer.status} ${answer.body}`;
    }
  };
  await Promise.all(lines.map(worker));
  const took = (performance.now() - began) / 1_000;
  for (const line of lines) line.close();
  return { seconds: took, latencies, ...(fault !== undefined && { fault }) };
}

function bytesOf({ method, path, token, idempotencyKey, body }: Request): Buffer {
  const json = body === undefined ? '' : JSON.stringify(body);
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Authorization: Bearer ${token}`,
    ...(idempotencyKey ? [`Idempotency-Key: ${idempotencyKey}`] : []),
    ...(json ? ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(json)}`] : []),
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${json}`);
}

interface Answered {
  status: number;
  body: string;
}

/** A connection that is kept, with one request at a time on it. */
class Line {
  private readonly received: Buffer[] = [];
  private size = 0;
  private expected = Infinity;
  private answer?: { resolve: (answered: Answered) => void; reject: (error: Error) => void };

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', (error) => this.answer?.reject(error));
    socket.on('close', () => this.answer?.reject(new Error('the connection was closed')));
  }

  static open(port: number): Promise<Line> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new Line(socket))).once('error', reject);
    });
  }

  ask(bytes: Buffer): Promise<Answered> {
    return new Promise((resolve, reject) => {
      this.answer = { resolve, reject };
      this.socket.write(bytes);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received.push(chunk);
    this.size += chunk.length;
    if (this.expected === Infinity) this.expected = this.lengthOf();
    if (this.size < this.expected) return;
    const text = Buffer.concat(this.received).toString();
    this.received.length = 0;
    this.size = 0;
    this.expected = Infinity;
    this.answer?.resolve({ status: Number(text.slice(9, 12)), body: text.slice(text.indexOf('\r\n\r\n') + 4) });
  }

  /** Of the whole answer; both servers say how long its body is. */
  private lengthOf(): number {
    const soFar = Buffer.concat(this.received);
    const head = soFar.indexOf('\r\n\r\n');
    if (head < 0) return Infinity;
    const length = /content-length: (\d+)/i.exec(soFar.subarray(0, head).toString('latin1'))?.[1];
    if (length === undefined) throw new Error('an answer without content-length');
    return head + 4 + Number(length);
  }
}
