import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ArrearsRow, DigestContent } from '#contracts/billing';
import { BILLING_CONFIG, type BillingConfig } from '../config.js';
import { Mailer } from '../mail/mailer.js';
import { Organisation } from '../organisation/organisation.service.js';
import type { User } from '../user/user.service.js';
import type { Digest } from './digest.entity.js';
import { csvOf, letterOf } from './digest.letter.js';

/** Puts a digest into its envelope: in the recipient's language, from the organisation. */
@Injectable()
export class DigestPost {
  constructor(
    private readonly dataSource: DataSource,
    private readonly mailer: Mailer,
    private readonly organisation: Organisation,
    @Inject(BILLING_CONFIG) private readonly config: Pick<BillingConfig, 'PUBLIC_URL'>,
  ) {}

  /** Who has no address reads it in the application. */
  async mail({ id, kind, periodEnd }: Digest, user: User, content: DigestContent, rows: ArrearsRow[]): Promise<void> {
    if (user.email === null && this.mailer.needsAddress) return;
    const { letterhead, mail, language: usual } = await this.organisation.settings(this.dataSource.manager);
    const { displayName, email, username, language } = user;
    const letter = letterOf({
      kind,
      recipientName: displayName,
      content,
      language: language ?? usual,
      publicUrl: this.config.PUBLIC_URL,
    });
    await this.mailer.send({
      id: `digest-${id}`,
      from: mail.from === undefined ? undefined : { name: letterhead.name, address: mail.from },
      replyTo: mail.replyTo,
      to: { name: displayName, address: email ?? `${username}@localhost` },
      ...letter,
      attachments: [
        { filename: `arrears-${periodEnd}.csv`, content: csvOf(rows), contentType: 'text/csv; charset=utf-8' },
      ],
    });
  }
}
