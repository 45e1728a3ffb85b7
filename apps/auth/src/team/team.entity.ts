import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { fold } from '#text/fold';

/** A place in the tree of the organisation's teams. */
@Entity('teams')
@Index('teams_name', ['parentId', 'nameFolded'], { unique: true })
export class Team {
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('text', { name: 'name_folded' }) nameFolded: string;
  @ForeignKey(() => Team, { name: 'teams_parent' })
  @Column('uuid', { name: 'parent_id', nullable: true })
  parentId: string | null;
  @Column('integer') position: number;
  @Column('integer') version: number;

  static create(id: string, name: string, parentId: string | null, position: number): Team {
    return Object.assign(new Team(), { id, name, nameFolded: fold(name), parentId, position, version: 1 });
  }

  /** Renames it, moves it, or both. That it must not come below itself, the tree knows. */
  arrange({ name, parentId, position }: { name?: string; parentId?: string | null; position?: number }): void {
    if (name !== undefined) Object.assign(this, { name, nameFolded: fold(name) });
    if (parentId !== undefined) this.parentId = parentId;
    if (position !== undefined) this.position = position;
    this.version += 1;
  }
}
