import { cursors } from './cursors.js';
import { matrix, NEEDED } from './matrix.js';
import { sight } from './sight.js';
import { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await World.create(NEEDED);
}, 180_000);
afterAll(() => world?.close());

// In this order: the matrix changes what is there to be seen.
sight(() => world);
cursors(() => world);
matrix(() => world);
