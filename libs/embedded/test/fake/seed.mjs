// Stands for auth's seed command.
import { appendFileSync, readFileSync } from 'node:fs';

const { TRACE, HFX_SEED_FILE } = process.env;
const accounts = JSON.parse(readFileSync(HFX_SEED_FILE, 'utf8'));
if (TRACE) appendFileSync(TRACE, `seeded ${accounts.map(({ username }) => username).join(' ')}\n`);
if (process.env.CRASH === 'seed') process.exit(1);
