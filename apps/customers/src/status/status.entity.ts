import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { foldCode } from '../duplicate/folding.rules.js';

@Entity('customer_statuses')
@Index('customer_statuses_name', { synchronize: false })
@Index('customer_statuses_default', { synchronize: false })
export class CustomerStatus {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' })
  id: string;

  @Column('text')
  name: string;

  @Column('text', { name: 'name_folded' })
  nameFolded: string;

  @Column('text', { nullable: true })
  color: string | null;

  /** Its place among the others, from 0 without gaps. */
  @Column('integer')
  position: number;

  @Column('boolean', { name: 'is_default', default: false })
  isDefault: boolean;

  @Column('integer', { default: 1 })
  version: number;

  static create(name: string, place: { color?: string; position: number; isDefault: boolean }): CustomerStatus {
    const status = new CustomerStatus();
    status.id = uuidv7();
    status.color = place.color ?? null;
    status.position = place.position;
    status.isDefault = place.isDefault;
    status.version = 1;
    status.rename(name);
    return status;
  }

  rename(name: string): void {
    this.name = name;
    this.nameFolded = foldCode(name);
  }
}
