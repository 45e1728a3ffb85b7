import 'reflect-metadata';
import { cookies } from './cookies.js';
import { guessing } from './guessing.js';
import { Rig } from './rig.js';
import { rotation } from './rotation.js';
import { sessions } from './sessions.js';
import { tokens } from './tokens.js';

/** Signing in and staying in, under attack, over two replicas of auth and of the gateway. */
let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
}, 120_000);
afterAll(() => rig?.stop());

describe('access tokens', () => tokens(() => rig));
describe('guessing', () => guessing(() => rig));
describe('cookies', () => cookies(() => rig));
describe('sessions', () => sessions(() => rig));
describe('a rotation of the keys', () => rotation(() => rig));
