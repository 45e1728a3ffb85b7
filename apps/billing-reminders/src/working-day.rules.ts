import { addDays } from '#calendar/dates';
import { weekdayOf } from './calendar.rules.js';

/** Which days are worked: ISO weekdays, without the holidays, with the days that make up for them. */
export interface WorkCalendar {
  workingDays: readonly number[];
  holidays: readonly string[];
  extraWorkingDays: readonly string[];
}

/** No calendar has so many days off in a row; one without any working day holds nothing up. */
const LOOK_AHEAD = 60;

export const isWorkingDay = (date: string, { workingDays, holidays, extraWorkingDays }: WorkCalendar): boolean =>
  extraWorkingDays.includes(date) || (workingDays.includes(weekdayOf(date)) && !holidays.includes(date));

/** The day itself if it is worked, or else the first one after it that is. */
export function nextWorkingDay(date: string, calendar: WorkCalendar): string {
  for (let days = 0; days < LOOK_AHEAD; days++) {
    const day = addDays(date, days);
    if (isWorkingDay(day, calendar)) return day;
  }
  return date;
}
