import { Inject, Injectable } from '@nestjs/common';

export const ORG_TIME_ZONE = Symbol('ORG_TIME_ZONE');

/** The only place in the code that knows what time it is. Tests provide a clock of their own. */
@Injectable()
export class Clock {
  constructor(@Inject(ORG_TIME_ZONE) private readonly zone: string) {}

  now(): Date {
    // eslint-disable-next-line no-restricted-syntax -- here it is
    return new Date();
  }

  /** The business date of this moment, `YYYY-MM-DD`, in the organisation's time zone or another. */
  today(zone = this.zone): string {
    return businessDate(this.now(), zone);
  }
}

export function businessDate(moment: Date, zone: string): string {
  let format = formats.get(zone);
  // Swedish writes dates as ISO 8601 does.
  if (!format) formats.set(zone, (format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' })));
  return format.format(moment);
}

/** Making one takes far longer than using it. */
const formats = new Map<string, Intl.DateTimeFormat>();
