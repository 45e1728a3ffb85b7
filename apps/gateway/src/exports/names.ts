import { Injectable } from '@nestjs/common';
import { listDirectory } from '#contracts/auth';
import { listStatuses } from '#contracts/statuses';
import { Backend } from '../edge/backend.js';
import type { Caller } from '../edge/caller.js';
import { PAGE, Pages } from './pages.js';

/** What a row tells only by its id. */
export interface Names {
  status(id: string): string | undefined;
  user(id: string): string | undefined;
}
export type NamesNeeded = ('statuses' | 'users')[];

/** What statuses and colleagues are called. */
@Injectable()
export class NamesOf {
  constructor(
    private readonly backend: Backend,
    private readonly pages: Pages,
  ) {}

  async load(needed: NamesNeeded, caller: Caller): Promise<Names> {
    const statuses = new Map<string, string>();
    const users = new Map<string, string>();
    if (needed.includes('statuses')) {
      const { items } = await this.backend.ask(listStatuses, {}, caller);
      for (const { id, name } of items) statuses.set(id, name);
    }
    if (needed.includes('users')) {
      const directory = this.pages.rowsInTime(
        (cursor, inTime) => this.backend.ask(listDirectory, { limit: PAGE, cursor }, inTime),
        caller,
      );
      for await (const { id, displayName } of directory) users.set(id, displayName);
    }
    return { status: (id) => statuses.get(id), user: (id) => users.get(id) };
  }
}
