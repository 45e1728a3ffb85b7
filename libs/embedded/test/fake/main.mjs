// Stands for a service: it is ready at once, tells its environment, and notes how it ended.
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { SERVICE_NAME, TRACE, PORT, HEALTH_PORT, CRASH } = process.env;
const end = (how) => {
  if (TRACE) appendFileSync(TRACE, `${SERVICE_NAME} ${how}\n`);
  process.exit(0);
};
if (CRASH === SERVICE_NAME) {
  process.stderr.write(`${SERVICE_NAME} has no reason to go on\n`);
  process.exit(7);
}
process.stdin.on('end', () => end('orphaned')).resume();
process.on('SIGTERM', () => end('stopped'));
createServer((request, response) => {
  if (request.url === '/environment') response.end(JSON.stringify(process.env));
  else response.writeHead(request.url === '/health/ready' ? 200 : 404).end();
}).listen(Number(SERVICE_NAME === 'gateway' ? PORT : HEALTH_PORT), '127.0.0.1');
