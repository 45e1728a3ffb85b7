import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { createSavedView, deleteSavedView, listSavedViews, updateSavedView } from '#contracts/saved-views';
import { Call, Handles, Input } from '#messaging/handles';
import { SavedViewService } from './saved-view.service.js';

@Controller()
export class SavedViewHandlers {
  constructor(private readonly views: SavedViewService) {}

  @Handles(listSavedViews)
  list(@Call() { actor }: Call) {
    return this.views.list(actor);
  }

  @Handles(createSavedView)
  create(@Call() call: Call, @Input() input: z.output<typeof createSavedView.input>) {
    return this.views.create(call, input);
  }

  @Handles(updateSavedView)
  update(@Call() call: Call, @Input() input: z.output<typeof updateSavedView.input>) {
    return this.views.update(call, input);
  }

  @Handles(deleteSavedView)
  delete(@Call() call: Call, @Input() { viewId }: z.output<typeof deleteSavedView.input>) {
    return this.views.delete(call, viewId);
  }
}
