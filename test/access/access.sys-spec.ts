import { cursors } from './cursors.js';
import { matrix, NEEDED } from './matrix.js';
import { programs } from './programs.js';
import { sight } from './sight.js';
import { turns, TURNS } from './turns.js';
import { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await World.create(NEEDED + TURNS);
}, 180_000);
afterAll(() => world?.close());

// In this order: the later ones change what is there to be seen.
sight(() => world);
cursors(() => world);
programs(() => world);
matrix(() => world);
turns(() => world);
