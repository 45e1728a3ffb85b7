import { dayIn } from './clock.js';

/** The organisation's. */
const ZONE = 'Asia/Shanghai';

/** The business day that it is, `YYYY-MM-DD`. */
export const useToday = (): string => dayIn(ZONE);
