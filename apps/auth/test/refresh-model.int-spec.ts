import fc from 'fast-check';
import { scale, seeds } from '#testing/scale';
import { ADMIN, startAuth, type AuthService } from './auth-service.js';
import { commands, Model } from './refresh-model.js';

let service: AuthService;
beforeAll(async () => {
  service = await startAuth([], { replicas: 2 });
});
afterAll(() => service?.close());

it.each(seeds(3, 40))(
  'sessions do what their model does, whatever happens to them (seed %i)',
  async (seed) => {
    const property = fc.asyncProperty(fc.commands(commands, { maxCommands: 60, size: 'max' }), async (sequence) => {
      const real = { service, admin: () => service.signIn(ADMIN.username, ADMIN.password) };
      const model = await Model.ofSomeoneNew(service);
      await fc.asyncModelRun(() => ({ model, real }), sequence);
    });
    await fc.assert(property, { seed, numRuns: scale(6, 30), endOnFailure: true });
  },
  scale(120_000, 600_000),
);
