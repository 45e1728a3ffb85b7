// Stands for a service's migration command.
import { appendFileSync } from 'node:fs';

const { SERVICE_NAME, TRACE, DATABASE_URL } = process.env;
if (TRACE) appendFileSync(TRACE, `${SERVICE_NAME} migrated as ${new URL(DATABASE_URL).username}\n`);
