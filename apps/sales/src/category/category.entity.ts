import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { fold } from '#text/fold';

/** A place in the tree of the catalogue. */
@Entity('product_categories')
@Index('product_categories_name', ['parentId', 'nameFolded'], { unique: true })
export class ProductCategory {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' }) id: string;
  @Column('text') name: string;
  @Column('text', { name: 'name_folded' }) nameFolded: string;
  @ForeignKey(() => ProductCategory, { name: 'product_categories_parent' })
  @Column('uuid', { name: 'parent_id', nullable: true })
  parentId: string | null;
  @Column('integer') position: number;
  @Column('integer', { default: 1 }) version: number;

  static create(id: string, name: string, parentId: string | null, position: number): ProductCategory {
    return Object.assign(new ProductCategory(), { id, name, nameFolded: fold(name), parentId, position, version: 1 });
  }

  /** Renames it, moves it, or both. That it must not come below itself, the tree knows. */
  arrange({ name, parentId, position }: { name?: string; parentId?: string | null; position?: number }): void {
    if (name !== undefined) Object.assign(this, { name, nameFolded: fold(name) });
    if (parentId !== undefined) this.parentId = parentId;
    if (position !== undefined) this.position = position;
    this.version += 1;
  }
}
