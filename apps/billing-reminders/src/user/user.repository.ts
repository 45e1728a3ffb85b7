import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Language } from '#contracts/common';
import type { Role } from '#contracts/context';

/** What this service keeps of auth's users. */
export interface User {
  id: string;
  username: string;
  displayName: string;
  email: string | null;
  /** Of mails to him, if he has settled on one. */
  language: Language | null;
  role: Role;
  active: boolean;
}

@Injectable()
export class UserRepository {
  async find(tx: EntityManager, id: string): Promise<User | undefined> {
    const [user] = await tx.query<User[]>(
      `SELECT id, username, display_name AS "displayName", email, language, role, active FROM users WHERE id = $1`,
      [id],
    );
    return user;
  }
}
