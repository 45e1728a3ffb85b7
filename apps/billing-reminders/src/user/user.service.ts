import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { UserRepository, type User } from './user.repository.js';

export type { User } from './user.repository.js';

@Injectable()
export class UserService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: UserRepository,
  ) {}

  async find(id: string): Promise<User | undefined> {
    return this.users.find(this.dataSource.manager, id);
  }
}
