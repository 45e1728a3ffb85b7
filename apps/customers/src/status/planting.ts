import type { DataSource } from 'typeorm';
import { CustomerStatus } from './status.entity.js';
import { StatusRepository } from './status.repository.js';

/** Prospects, where new customers begin, and formal customers. */
const FIRST = ['意向客户', '正式客户'];

/** The statuses that a new organisation begins with; nothing where there are some. Gives the names of those made. */
export async function plantStatuses(dataSource: DataSource): Promise<string[]> {
  const statuses = new StatusRepository();
  return dataSource.transaction(async (tx) => {
    if ((await statuses.hold(tx)).length > 0) return [];
    for (const [position, name] of FIRST.entries()) {
      await statuses.insert(tx, CustomerStatus.create(name, { position, isDefault: position === 0 }));
    }
    return FIRST;
  });
}
