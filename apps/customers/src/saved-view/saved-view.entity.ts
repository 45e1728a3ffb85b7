import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { NewSavedView, SavedQuery, SavedViewPatch } from '#contracts/saved-views';

/** A filter of the list of customers under a name. */
@Entity('saved_views')
@Index('saved_views_of_owner', ['ownerId', 'position'])
@Index('saved_views_shared', { synchronize: false })
export class SavedView {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' })
  id: string;

  @Column('uuid', { name: 'owner_id' })
  ownerId: string;

  @Column('text')
  name: string;

  @Column('jsonb')
  query: z.output<typeof SavedQuery>;

  @Column('boolean')
  shared: boolean;

  /** Its place among its owner's, from 0 without gaps. */
  @Column('integer')
  position: number;

  @Column('integer', { default: 1 })
  version: number;

  static create(view: z.output<typeof NewSavedView>, place: { ownerId: string; position: number }): SavedView {
    return Object.assign(new SavedView(), { ...view, ...place, id: uuidv7(), version: 1 });
  }

  edit({ name = this.name, query = this.query, shared = this.shared }: z.output<typeof SavedViewPatch>): void {
    Object.assign(this, { name, query, shared });
    this.version++;
  }
}
