import fc from 'fast-check';
import { checkUndo, chunked, ownersOf, selected, type Move } from './transfer.rules.js';

const moves = fc.array(
  fc.record({
    id: fc.uuid(),
    fromOwnerId: fc.constantFrom('a', 'b', 'c'),
    toOwnerId: fc.constantFrom('x', 'y'),
    transferId: fc.constant('t'),
  }),
  { maxLength: 40 },
);

describe('moves in events', () => {
  it('are all told, each once, no event larger than it may be', () => {
    fc.assert(
      fc.property(moves, fc.integer({ min: 1, max: 7 }), (all, size) => {
        const chunks = chunked(all, size);
        expect(chunks.every(({ length }) => length > 0 && length <= size)).toBe(true);
        const ids = (list: Move[]) => list.map(({ id }) => id).sort();
        expect(ids(chunks.flat())).toEqual(ids(all));
      }),
    );
  });

  it('name each owner once, in one order', () => {
    fc.assert(
      fc.property(moves, (all) => {
        const owners = ownersOf(all);
        expect(owners).toEqual([...new Set(owners)].sort());
        expect(
          all.every(({ fromOwnerId, toOwnerId }) => owners.includes(fromOwnerId) && owners.includes(toOwnerId)),
        ).toBe(true);
      }),
    );
  });

  it('of one owner lie side by side', () => {
    fc.assert(
      fc.property(moves, (all) => {
        const owners = chunked(all, 5)
          .flat()
          .map(({ fromOwnerId }) => fromOwnerId);
        expect(owners).toEqual([...owners].sort());
      }),
    );
  });
});

describe('a selection', () => {
  it('names customers, each once, or an owner', () => {
    expect(selected({ customerIds: ['1', '2', '1'] })).toEqual({ ids: ['1', '2'] });
    expect(selected({ fromUserId: 'a' })).toEqual({ ownerId: 'a' });
    expect(() => selected({})).toThrow('invalid/validation');
    expect(() => selected({ customerIds: ['1'], fromUserId: 'a' })).toThrow('invalid/validation');
  });
});

describe('an undo', () => {
  const transfer = { id: 't', undoneAt: null, inTime: true };
  const moved = { lastTransferId: 't', deleted: false };

  it('needs every customer where the transfer left it', () => {
    expect(() => checkUndo(transfer, [moved, moved])).not.toThrow();
    expect(() => checkUndo(transfer, [moved, { ...moved, deleted: true }])).toThrow('rule-violated/moved-again');
    expect(() => checkUndo(transfer, [{ ...moved, lastTransferId: 'u' }])).toThrow('rule-violated/moved-again');
  });

  it('happens once, and in time', () => {
    expect(() => checkUndo({ ...transfer, undoneAt: new Date(0) }, [moved])).toThrow('conflict/already-undone');
    expect(() => checkUndo({ ...transfer, inTime: false }, [moved])).toThrow('rule-violated/undo-too-late');
  });
});
