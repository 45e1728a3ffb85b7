import { DataSource } from 'typeorm';
import { userChanged } from '#contracts/auth';
import { Republishes, type StateEvent } from '#messaging/republish';
import { UserRepository } from './user.repository.js';
import { stateOf } from './user.rules.js';

const PAGE = 500;

/** All users as they are, for projections that begin anew. */
@Republishes()
export class UserStates {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: UserRepository,
  ) {}

  async *states(): AsyncIterable<StateEvent> {
    let after: string | undefined;
    do {
      const page = await this.users.page(this.dataSource.manager, after, PAGE);
      for (const user of page) yield { type: userChanged, ...stateOf(user) };
      after = page.length === PAGE ? page.at(-1)?.id : undefined;
    } while (after !== undefined);
  }
}
