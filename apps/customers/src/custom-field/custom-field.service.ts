import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import { can } from '#access/permissions';
import type { CustomFieldPatch, CustomField as ShownField, NewCustomField } from '#contracts/custom-fields';
import { AppError, forbidden, notFound, staleVersion } from '#contracts/errors';
import { doerOf, type Call } from '#messaging/handles';
import { Idempotency } from '#platform/idempotency';
import { fieldFault } from '../field-fault.js';
import { LogService } from '../log/log.service.js';
import { reordered } from '../status/status.rules.js';
import { CustomField } from './custom-field.entity.js';
import { CustomFieldRepository } from './custom-field.repository.js';
import { customFaults, termSought, type CustomEdits, type CustomValues } from './custom-field.rules.js';

/** More than a form shows. */
const MOST = 50;

@Injectable()
export class CustomFieldService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly fields: CustomFieldRepository,
    private readonly idempotency: Idempotency,
    private readonly log: LogService,
  ) {}

  async list(): Promise<{ items: ShownField[]; nextCursor: null }> {
    return { items: (await this.fields.all(this.dataSource.manager)).map(shown), nextCursor: null };
  }

  /**
   * It comes last. Errors: `conflict/field-key-taken`; `conflict/field-type-kept` for one that was deleted and had
   * another type, whose values are still there; `rule-violated/too-many-fields`.
   */
  async create(call: Call, input: z.output<typeof NewCustomField>): Promise<ShownField> {
    mayManage(call);
    return this.changing(async (tx, fields) => {
      const id = await this.idempotency.once(tx, call, input, async () => {
        if (fields.length >= MOST) throw new AppError('rule-violated', 'too-many-fields');
        const former = await this.fields.byKey(tx, input.key);
        if (former && !former.deletedAt) throw new AppError('conflict', 'field-key-taken');
        if (former && former.type !== input.type) throw new AppError('conflict', 'field-type-kept');
        const field = former ?? CustomField.create(input, fields.length);
        if (former) former.revive(input, fields.length);
        await this.fields.save(tx, field);
        await this.note(tx, call, field.id, { after: noted(field) });
        return field.id;
      });
      return this.shown(tx, id);
    });
  }

  /** Errors: `precondition-failed/stale-version`; options for what is no choice. */
  async update(
    call: Call,
    { fieldId, patch }: { fieldId: string; patch: z.output<typeof CustomFieldPatch> },
  ): Promise<ShownField> {
    mayManage(call);
    return this.changing(async (tx, fields) => {
      const field = expected(call, fields, fieldId);
      const before = noted(field);
      if (patch.options && field.type !== 'choice') {
        throw fieldFault('/patch/options', 'not-a-choice', 'Only a choice has options');
      }
      const order = reordered(fields.map(idOf), fieldId, patch.position ?? fields.indexOf(field));
      field.position = order.indexOf(fieldId);
      field.edit(patch);
      await this.fields.save(tx, field);
      await this.fields.arrange(tx, order);
      await this.note(tx, call, fieldId, { before, after: noted(field) });
      return this.shown(tx, fieldId);
    });
  }

  /** Errors: `precondition-failed/stale-version`. */
  async delete(call: Call, fieldId: string): Promise<Record<string, never>> {
    mayManage(call);
    return this.changing(async (tx, fields) => {
      const field = expected(call, fields, fieldId);
      await this.fields.markDeleted(tx, field.id);
      await this.fields.arrange(
        tx,
        fields.map(idOf).filter((id) => id !== fieldId),
      );
      await this.note(tx, call, fieldId, { before: noted(field) });
      return {};
    });
  }

  /** Errors: `invalid/validation` that names each wrong value and each required one that is missing. */
  async check(tx: EntityManager, edits: CustomEdits, kept?: CustomValues): Promise<void> {
    const errors = customFaults(await this.fields.all(tx), edits, kept);
    if (errors.length > 0) throw new AppError('invalid', 'validation', { errors });
  }

  /** What customers have that a list is asked for. Errors: `invalid/validation` for a field that there isn't. */
  async termsSought(tx: EntityManager, filters: readonly string[] = []): Promise<string[]> {
    if (filters.length === 0) return [];
    const fields = await this.fields.all(tx);
    return filters.map((filter) => {
      const term = termSought(fields, filter);
      if (term === undefined) throw fieldFault('/custom', 'unknown-field', 'No field has a value like that');
      return term;
    });
  }

  async all(tx: EntityManager): Promise<CustomField[]> {
    return this.fields.all(tx);
  }

  /** One change of the fields at a time, on all of them as they are. */
  private async changing<T>(change: (tx: EntityManager, fields: CustomField[]) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (tx) => change(tx, await this.fields.hold(tx)));
  }

  private async note(tx: EntityManager, call: Call, id: string, states: { before?: object; after?: object }) {
    await this.log.recordSetting(tx, doerOf(call), { resource: 'custom-field', id }, states);
  }

  private async shown(tx: EntityManager, id: string): Promise<ShownField> {
    const field = (await this.fields.all(tx)).find((one) => one.id === id);
    if (!field) throw notFound();
    return shown(field);
  }
}

const idOf = ({ id }: CustomField) => id;

/** Of what the log tells the changes. */
const noted = ({ key, label, type, options, required, position }: CustomField) => ({
  key,
  label,
  type,
  options,
  required,
  position,
});

/** The field, at the version that the caller has seen. */
function expected(call: Call, fields: CustomField[], id: string): CustomField {
  const field = fields.find((one) => one.id === id);
  if (!field) throw notFound();
  if (typeof call.ifMatch === 'number' && call.ifMatch !== field.version) throw staleVersion(shown(field));
  return field;
}

function mayManage({ actor }: Call): void {
  if (!can(actor, 'custom-fields.manage')) throw forbidden();
}

function shown({ id, key, label, type, options, required, position, version }: CustomField): ShownField {
  return { id, key, label, type, ...(options && { options }), required, position, version };
}
