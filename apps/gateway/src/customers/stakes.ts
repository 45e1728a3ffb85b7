import { Injectable } from '@nestjs/common';
import { Decimal } from 'decimal.js';
import { countOpen } from '#contracts/billing';
import type { Scope } from '#contracts/context';
import { Backend } from '../edge/backend.js';
import type { Caller } from '../edge/caller.js';

/** As many customers as one question may name. */
const AT_ONCE = 10_000;
const EVERYTHING: Scope = { all: true, accessVersion: 0 };

/** What is open at customers that are about to change hands: their arrears and reminders, as billing counts them. */
@Injectable()
export class Stakes {
  constructor(private readonly backend: Backend) {}

  /** Customers has found that the caller may move each of these, so billing need not look at his scope again. */
  async of(customerIds: string[], caller: Caller) {
    const openArrears = { count: 0, amount: '0.00' };
    let openReminders = 0;
    for (let start = 0; start < customerIds.length; start += AT_ONCE) {
      const some = customerIds.slice(start, start + AT_ONCE);
      const part = await this.backend.ask(countOpen, { scope: EVERYTHING, customerIds: some }, caller);
      openArrears.count += part.openArrears.count;
      openArrears.amount = new Decimal(openArrears.amount).plus(part.openArrears.amount).toFixed(2);
      openReminders += part.openReminders;
    }
    return { openArrears, openReminders };
  }
}
