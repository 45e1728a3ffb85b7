import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { CustomFieldPatch, CustomFieldType, NewCustomField } from '#contracts/custom-fields';

/** A field that the administrator has given to customers. */
@Entity('custom_fields')
@Index('custom_fields_key', ['key'], { unique: true })
export class CustomField {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()' })
  id: string;

  @Column('text')
  key: string;

  @Column('text')
  label: string;

  @Column('text')
  type: CustomFieldType;

  @Column('text', { array: true, nullable: true })
  options: string[] | null;

  @Column('boolean')
  required: boolean;

  /** Its place among the others, from 0 without gaps. */
  @Column('integer')
  position: number;

  /** Its values stay, unseen, until it is made again. */
  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt: Date | null;

  @Column('integer', { default: 1 })
  version: number;

  static create({ key, type, ...rest }: z.output<typeof NewCustomField>, position: number): CustomField {
    const field = Object.assign(new CustomField(), { id: uuidv7(), key, type, version: 0 });
    field.revive(rest, position);
    return field;
  }

  /** Made again under its key: new in all but that and its type. */
  revive({ label, options, required }: Omit<z.output<typeof NewCustomField>, 'key' | 'type'>, position: number): void {
    Object.assign(this, { label, options: options ?? null, required, position, deletedAt: null });
    this.version++;
  }

  edit({ label = this.label, options = this.options ?? undefined, required = this.required }: Edit): void {
    Object.assign(this, { label, options: options ?? null, required });
    this.version++;
  }
}

type Edit = Omit<z.output<typeof CustomFieldPatch>, 'position'>;
