import { v7 as uuidv7 } from 'uuid';

/** The version that a change is made upon; `*` for whichever stands there. */
export const ifMatch = (version: number | '*') => ({ 'If-Match': version === '*' ? '*' : `"${version}"` });

/** Made once for what the user does once, and sent again with each further try: then it is done once. */
export const idempotencyKey = (key: string = uuidv7()) => ({ 'Idempotency-Key': key });
