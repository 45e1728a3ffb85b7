import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { settingsChanged } from '#contracts/settings';

export type Told = z.output<typeof settingsChanged.data>;

@Injectable()
export class OrganisationRepository {
  /** Undefined until auth has told of a change. */
  async find(tx: EntityManager): Promise<Told | undefined> {
    const [row] = await tx.query<{ settings: Told }[]>(`SELECT settings FROM settings`);
    return row?.settings;
  }
}
