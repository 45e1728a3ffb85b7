import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Transform, type TransformCallback } from 'node:stream';

/** `up`: from whoever connects towards the server. `down`: back. */
export type Direction = 'up' | 'down';
/**
 * What becomes of bytes on a link that is cut. `held`: they arrive once it is whole again, as TCP repeats what was not
 * acknowledged. `lost`: never, as behind a firewall that has forgotten the connection: it stays deaf for good.
 */
export type Cut = 'held' | 'lost';

/** A network link that a test can cut, one way or both. Neither end is told, as in reality. */
export class Link {
  /** The server's port. */
  target?: number;
  private readonly cuts = new Map<Direction, Cut>();
  private readonly waiting = new Set<() => void>();
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => void this.join(socket));
  }

  static async open(): Promise<Link> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Link(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  cut(how: Cut, ...directions: Direction[]): void {
    for (const direction of directions) this.cuts.set(direction, how);
  }

  mend(): void {
    this.cuts.clear();
    for (const goOn of this.waiting) goOn();
    this.waiting.clear();
  }

  async close(): Promise<void> {
    this.mend();
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private async join(client: Socket): Promise<void> {
    this.keep(client);
    await this.whole('up');
    if (client.destroyed || this.target === undefined) return void client.destroy();
    const server = connect({ host: '127.0.0.1', port: this.target, allowHalfOpen: true, noDelay: true });
    this.keep(server);
    this.carry('up', client, server);
    this.carry('down', server, client);
  }

  private carry(direction: Direction, from: Socket, to: Socket): void {
    from
      .pipe(
        new Way(
          () => this.cuts.get(direction),
          () => this.whole(direction),
        ),
      )
      .pipe(to);
    // That one end has given up is news like any other: it needs the link.
    from.once('close', () => void this.whole(direction).then(() => to.destroy()));
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => {}).once('close', () => this.sockets.delete(socket));
  }

  private async whole(direction: Direction): Promise<void> {
    while (this.cuts.has(direction)) await new Promise<void>((resolve) => this.waiting.add(resolve));
  }
}

/** One connection's bytes in one direction. */
class Way extends Transform {
  private deaf = false;

  constructor(
    private readonly cut: () => Cut | undefined,
    private readonly whole: () => Promise<void>,
  ) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.deaf ||= this.cut() === 'lost';
    if (this.deaf) return done();
    if (this.cut() === undefined) return done(null, chunk);
    void this.whole().then(() => done(null, chunk));
  }

  override _flush(done: TransformCallback): void {
    void this.whole().then(() => done());
  }
}
