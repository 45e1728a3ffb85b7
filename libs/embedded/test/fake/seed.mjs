// Stands for the seed commands: auth's gets accounts, that of customers gets nothing.
import { appendFileSync, readFileSync } from 'node:fs';

const { TRACE, SERVICE_NAME, HFX_SEED_FILE } = process.env;
const accounts = HFX_SEED_FILE ? JSON.parse(readFileSync(HFX_SEED_FILE, 'utf8')).map(({ username }) => username) : [];
if (TRACE) appendFileSync(TRACE, `${SERVICE_NAME} seeded ${accounts.join(' ')}\n`);
if (process.env.CRASH === 'seed') process.exit(1);
