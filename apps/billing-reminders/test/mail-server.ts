import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Manners {
  /** It has the mail, whatever its client is told. */
  taken: boolean;
  greeting?: string;
  sender?: string;
  recipient?: string;
  mail?: string;
}

/** What a mail server does with the next mail, and the answers that are not the usual ones. */
export const CONDUCTS = {
  'takes it': { taken: true },
  'never greets': { taken: false },
  'dies before it greets': { taken: false },
  'has no service at the moment': { taken: false, greeting: '554 no service' },
  'asks for another sign-in': { taken: false, sender: '530 sign in' },
  'is too busy for the recipient': { taken: false, recipient: '450 busy' },
  'hangs in the middle': { taken: false },
  'dies in the middle': { taken: false },
  'is too busy for the mail': { taken: false, mail: '451 busy' },
  'dies before it says that it took it': { taken: true },
  'hangs before it says that it took it': { taken: true },
  'knows no such recipient': { taken: false, recipient: '550 no such user' },
  'refuses the mail': { taken: false, mail: '554 refused' },
} satisfies Record<string, Manners>;
export type Conduct = keyof typeof CONDUCTS;

/** A mail server that behaves as it is told, mail by mail. */
export class MailServer {
  conduct: Conduct = 'takes it';
  /** Message-IDs of all that it has taken, in order. */
  readonly taken: string[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => this.serve(socket));
  }

  static async open(): Promise<MailServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new MailServer(server);
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => {}).once('close', () => this.sockets.delete(socket));
    const { conduct } = this;
    const told: Manners = CONDUCTS[conduct];
    if (conduct === 'never greets') return;
    if (conduct === 'dies before it greets') return void socket.destroy();
    const say = (line: string) => void socket.write(`${line}\r\n`);
    say(told.greeting ?? '220 here');

    const answers: Record<string, () => void> = {
      EHLO: () => say('250 here'),
      MAIL: () => say(told.sender ?? '250 fine'),
      RCPT: () => say(told.recipient ?? '250 fine'),
      DATA: () => {
        if (conduct === 'dies in the middle') socket.destroy();
        else if (conduct !== 'hangs in the middle') say('354 go on');
      },
      QUIT: () => socket.end('221 bye\r\n'),
    };
    const onMail = (mail: string) => {
      if (CONDUCTS[conduct].taken) this.taken.push(/^Message-ID: (.*)\r$/im.exec(mail)?.[1] ?? 'none');
      if (conduct === 'dies before it says that it took it') socket.destroy();
      else if (conduct !== 'hangs before it says that it took it') say(told.mail ?? '250 taken');
    };

    let heard = '';
    let inMail = false;
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      heard += chunk;
      for (;;) {
        const end = inMail ? '\r\n.\r\n' : '\r\n';
        const at = heard.indexOf(end);
        if (at < 0) return;
        const part = heard.slice(0, at);
        heard = heard.slice(at + end.length);
        if (inMail) onMail(part);
        else (answers[part.slice(0, 4).toUpperCase()] ?? (() => say('502 what?')))();
        inMail = !inMail && part === 'DATA';
      }
    });
  }
}
