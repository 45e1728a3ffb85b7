// `npm run containers`: sets up what is missing, then tries the image and docker-compose.yml on a Docker engine; see
// docs/operations.md.
import { installDependencies } from './dependencies.mjs';
import { runProgram } from './program.mjs';

await installDependencies();
runProgram('test/containers/main.ts', process.argv.slice(2));
