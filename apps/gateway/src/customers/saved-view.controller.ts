import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import type { z } from 'zod';
import * as views from '#contracts/saved-views';
import { Backend } from '../edge/backend.js';
import { From, type Caller } from '../edge/caller.js';
import { Route, V1 } from '../edge/route.js';

@Controller(`${V1}/saved-views`)
export class SavedViewController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @Route({
    access: 'saved-views.use',
    output: views.listSavedViews.output,
    summary: "List one's own saved views and what others share",
  })
  list(@From() caller: Caller) {
    return this.backend.pass(views.listSavedViews, {}, caller);
  }

  @Post()
  @Route({
    access: 'saved-views.use',
    body: views.NewSavedView,
    output: views.SavedView,
    status: 201,
    summary: 'Save a filter of the list of customers under a name',
  })
  create(@Body() body: z.input<typeof views.NewSavedView>, @From() caller: Caller) {
    return this.backend.pass(views.createSavedView, body, caller);
  }

  @Patch(':viewId')
  @Route({
    access: 'saved-views.use',
    body: views.SavedViewPatch,
    output: views.SavedView,
    summary: "Rename, change, share or move a view of one's own",
  })
  update(@Param('viewId') viewId: string, @Body() patch: z.input<typeof views.SavedViewPatch>, @From() caller: Caller) {
    return this.backend.pass(views.updateSavedView, { viewId, patch }, caller);
  }

  @Delete(':viewId')
  @Route({ access: 'saved-views.use', summary: "Delete a view of one's own" })
  delete(@Param('viewId') viewId: string, @From() caller: Caller) {
    return this.backend.pass(views.deleteSavedView, { viewId }, caller);
  }
}
