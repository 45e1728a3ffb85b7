import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { NewSavedView, SavedViewPatch, SavedView as ShownView } from '#contracts/saved-views';
import { AppError, forbidden, notFound, staleVersion } from '#contracts/errors';
import { doerOf, type Call } from '#messaging/handles';
import { Idempotency } from '#platform/idempotency';
import type { Judged } from '../access/visible.sql.js';
import { LogService } from '../log/log.service.js';
import { reordered } from '../status/status.rules.js';
import { SavedView } from './saved-view.entity.js';
import { SavedViewRepository } from './saved-view.repository.js';

/** More than anyone finds his way in. */
const MOST = 100;

@Injectable()
export class SavedViewService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly views: SavedViewRepository,
    private readonly idempotency: Idempotency,
    private readonly log: LogService,
  ) {}

  async list({ userId }: Judged): Promise<{ items: ShownView[]; nextCursor: null }> {
    return { items: await this.views.visible(this.dataSource.manager, userId), nextCursor: null };
  }

  /** It comes last among one's own. Errors: `rule-violated/too-many-views`. */
  async create(call: Call, input: z.output<typeof NewSavedView>): Promise<ShownView> {
    return this.changing(call, async (tx, own) => {
      const id = await this.idempotency.once(tx, call, input, async () => {
        if (own.length >= MOST) throw new AppError('rule-violated', 'too-many-views');
        const view = SavedView.create(input, { ownerId: call.actor.userId, position: own.length });
        await this.views.save(tx, view);
        await this.note(tx, call, view.id, { after: noted(view) });
        return view.id;
      });
      return this.shown(tx, call, id);
    });
  }

  /** Errors: those of `expected`. */
  async update(
    call: Call,
    { viewId, patch }: { viewId: string; patch: z.output<typeof SavedViewPatch> },
  ): Promise<ShownView> {
    return this.changing(call, async (tx, own) => {
      const view = await this.expected(tx, call, own, viewId);
      const before = noted(view);
      const order = reordered(own.map(idOf), viewId, patch.position ?? own.indexOf(view));
      view.position = order.indexOf(viewId);
      view.edit(patch);
      await this.views.save(tx, view);
      await this.views.arrange(tx, order);
      await this.note(tx, call, viewId, { before, after: noted(view) });
      return this.shown(tx, call, viewId);
    });
  }

  /** Errors: those of `expected`. */
  async delete(call: Call, viewId: string): Promise<Record<string, never>> {
    return this.changing(call, async (tx, own) => {
      const view = await this.expected(tx, call, own, viewId);
      await this.views.delete(tx, view.id);
      await this.views.arrange(
        tx,
        own.map(idOf).filter((id) => id !== viewId),
      );
      await this.note(tx, call, viewId, { before: noted(view) });
      return {};
    });
  }

  private async changing<T>({ actor }: Call, change: (tx: EntityManager, own: SavedView[]) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (tx) => change(tx, await this.views.hold(tx, actor.userId)));
  }

  /**
   * One's own view, at the version that one has seen. Errors: `forbidden/not-owner` for what another shares,
   * `not-found` for the rest; `precondition-failed/stale-version`.
   */
  private async expected(tx: EntityManager, call: Call, own: SavedView[], id: string): Promise<SavedView> {
    const view = own.find((one) => one.id === id);
    const shown = await this.shown(tx, call, id);
    if (!view) throw forbidden('not-owner');
    if (typeof call.ifMatch === 'number' && call.ifMatch !== view.version) throw staleVersion(shown);
    return view;
  }

  private async note(tx: EntityManager, call: Call, id: string, states: { before?: object; after?: object }) {
    await this.log.recordSetting(tx, doerOf(call), { resource: 'shared-view', id }, states);
  }

  private async shown(tx: EntityManager, { actor }: Call, id: string): Promise<ShownView> {
    const view = (await this.views.visible(tx, actor.userId)).find((one) => one.id === id);
    if (!view) throw notFound();
    return view;
  }
}

const idOf = ({ id }: SavedView) => id;

/** Of what the log tells the changes: of one that is shared alone, the others concern nobody else. */
const noted = ({ name, query, shared }: SavedView) => (shared ? { name, query } : undefined);
