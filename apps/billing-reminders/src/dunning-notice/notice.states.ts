import { DataSource } from 'typeorm';
import { Republishes, type StateEvent } from '#messaging/republish';
import { NoticeRepository } from './notice.repository.js';
import { issued } from './notice.view.js';

const PAGE = 500;

/** All letters that were ever issued, for projections that begin anew. */
@Republishes()
export class NoticeStates {
  constructor(
    private readonly dataSource: DataSource,
    private readonly notices: NoticeRepository,
  ) {}

  async *states(): AsyncIterable<StateEvent> {
    let after: string | undefined;
    do {
      const page = await this.notices.after(this.dataSource.manager, after, PAGE);
      for (const notice of page) yield issued(notice, null);
      after = page.length === PAGE ? page.at(-1)?.id : undefined;
    } while (after !== undefined);
  }
}
