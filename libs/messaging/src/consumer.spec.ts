import { JetStreamApiError, type ConsumerInfo, type JetStreamManager } from '@nats-io/jetstream';
import { addConsumer } from './consumer.js';

const made = { name: 'billing-sales' } as ConsumerInfo;
const refusal = (err_code: number) => new JetStreamApiError({ code: 500, err_code, description: `no (${err_code})` });
const CLEARING = refusal(10_012);

/** Asks a server that refuses so many times. Gives what came of it, and how often it was asked. */
async function askedFor(refuses: number, error: Error) {
  let asked = 0;
  const add = () => (++asked > refuses ? Promise.resolve(made) : Promise.reject(error));
  const jsm = { consumers: { add } } as unknown as JetStreamManager;
  const outcome = await addConsumer(jsm, 'EVT_SALES', made).catch((refused: unknown) => refused);
  return { asked, outcome };
}

describe('a consumer of a name that was just deleted', () => {
  it('is made as soon as the server has cleared the old one away', async () => {
    expect(await askedFor(2, CLEARING)).toEqual({ asked: 3, outcome: made });
  });

  it('is given up when the server does not get that far', async () => {
    expect(await askedFor(Infinity, CLEARING)).toEqual({ asked: 20, outcome: CLEARING });
  });

  it('is given up at once when the server refuses it for another reason', async () => {
    const circle = refusal(10_081);
    expect(await askedFor(1, circle)).toEqual({ asked: 1, outcome: circle });
  });
});
