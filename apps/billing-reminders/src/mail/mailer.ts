import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { BILLING_CONFIG, type BillingConfig } from '../config.js';

export interface Mail {
  /** Of the thing that is told, the same at each try: becomes the Message-ID and the file's name. */
  id: string;
  /** Left out: `MAIL_FROM`. */
  from?: { name: string; address: string };
  replyTo?: string;
  to: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
  attachments: { filename: string; content: string; contentType: string }[];
}

const ABOUT_THE_MAIL = new Set(['RCPT TO', 'DATA']);

/** The mail server will never take this mail. */
export class Refused extends Error {}

/** Sends mail through the mail server, or writes it into a folder when none is set. */
@Injectable()
export class Mailer {
  constructor(@Inject(BILLING_CONFIG) private readonly config: BillingConfig) {}

  /** Whether one can be reached without an address of one's own. */
  get needsAddress(): boolean {
    return this.config.SMTP_URL !== undefined;
  }

  /** Errors: `Refused`; whatever else is worth another try. */
  async send({ id, from, ...mail }: Mail): Promise<void> {
    const host = new URL(this.config.PUBLIC_URL).hostname;
    const message = { ...mail, from: from ?? this.config.MAIL_FROM, messageId: `<${id}@${host}>` };
    if (this.config.SMTP_URL === undefined) return this.write(id, message);

    const patience = this.config.SMTP_TIMEOUT_MS;
    const transport = createTransport({
      url: this.config.SMTP_URL,
      connectionTimeout: patience,
      greetingTimeout: patience,
      socketTimeout: 3 * patience,
    });
    try {
      await transport.sendMail(message);
    } catch (error) {
      const { responseCode = 0, command = '' } = error as { responseCode?: number; command?: string };
      // A server that lets nobody in today, or not us, has said nothing about this mail.
      if (responseCode >= 500 && ABOUT_THE_MAIL.has(command)) throw new Refused((error as Error).message);
      throw error;
    } finally {
      transport.close();
    }
  }

  private async write(id: string, message: Record<string, unknown>): Promise<void> {
    const { message: eml } = await createTransport({ streamTransport: true, buffer: true }).sendMail(message);
    const path = join(this.config.MAIL_DIR, `${id}.eml`);
    await mkdir(this.config.MAIL_DIR, { recursive: true });
    // Nobody finds half a mail there, and one that is written again takes the place of the first.
    await writeFile(`${path}.part`, eml as Buffer);
    await rename(`${path}.part`, path);
  }
}
