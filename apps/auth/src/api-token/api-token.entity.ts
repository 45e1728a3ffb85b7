import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../user/user.entity.js';

/** Its id is the session's in the access tokens that it is exchanged for: it is a session that nobody signs in to. */
@Entity('api_tokens')
@Index('api_tokens_hash', ['hash'], { unique: true })
@Index('api_tokens_of_user', ['userId'])
export class ApiToken {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'user_id' })
  @ForeignKey(() => User, { name: 'api_tokens_user' })
  userId: string;
  @Column('text') name: string;
  @Column('text', { array: true }) permissions: string[];
  @Column('bytea') hash: Buffer;
  @Column('text') hint: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
  @Column('timestamptz', { name: 'last_used_at', nullable: true }) lastUsedAt: Date | null;
}
