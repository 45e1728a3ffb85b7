import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import type { z } from 'zod';
import * as fields from '#contracts/custom-fields';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(`${V1}/custom-fields`)
export class CustomFieldController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @Route({
    access: 'custom-fields.read',
    output: fields.listCustomFields.output,
    summary: 'List the fields that customers have beside the usual ones',
  })
  list(@From() caller: Caller) {
    return this.backend.pass(fields.listCustomFields, {}, caller);
  }

  @Post()
  @Route({
    access: 'custom-fields.manage',
    body: fields.NewCustomField,
    output: fields.CustomField,
    status: 201,
    summary: 'Give customers a further field; one that was deleted comes back with its values',
  })
  create(@Body() body: z.input<typeof fields.NewCustomField>, @From() caller: Caller) {
    return this.backend.pass(fields.createCustomField, body, caller);
  }

  @Patch(':fieldId')
  @Route({
    access: 'custom-fields.manage',
    body: fields.CustomFieldPatch,
    output: fields.CustomField,
    summary: 'Relabel or move a field, change its options or whether it is required',
  })
  update(
    @Param('fieldId') fieldId: string,
    @Body() patch: z.input<typeof fields.CustomFieldPatch>,
    @From() caller: Caller,
  ) {
    return this.backend.pass(fields.updateCustomField, { fieldId, patch }, caller);
  }

  @Delete(':fieldId')
  @Route({ access: 'custom-fields.manage', summary: 'Delete a field; its values stay, unseen' })
  delete(@Param('fieldId') fieldId: string, @From() caller: Caller) {
    return this.backend.pass(fields.deleteCustomField, { fieldId }, caller);
  }
}
