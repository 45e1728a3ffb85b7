import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { createCustomField, deleteCustomField, listCustomFields, updateCustomField } from '#contracts/custom-fields';
import { Call, Handles, Input } from '#messaging/handles';
import { CustomFieldService } from './custom-field.service.js';

@Controller()
export class CustomFieldHandlers {
  constructor(private readonly fields: CustomFieldService) {}

  @Handles(listCustomFields)
  list() {
    return this.fields.list();
  }

  @Handles(createCustomField)
  create(@Call() call: Call, @Input() input: z.output<typeof createCustomField.input>) {
    return this.fields.create(call, input);
  }

  @Handles(updateCustomField)
  update(@Call() call: Call, @Input() input: z.output<typeof updateCustomField.input>) {
    return this.fields.update(call, input);
  }

  @Handles(deleteCustomField)
  delete(@Call() call: Call, @Input() { fieldId }: z.output<typeof deleteCustomField.input>) {
    return this.fields.delete(call, fieldId);
  }
}
