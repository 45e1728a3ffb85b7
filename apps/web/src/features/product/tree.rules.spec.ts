import { treeOf } from './tree.rules.js';

it('puts each category below its parent, by position', () => {
  const tree = treeOf([
    { id: 'b', name: 'B', position: 1 },
    { id: 'a', name: 'A', position: 0 },
    { id: 'b1', name: 'B1', parentId: 'b', position: 0 },
    { id: 'lost', name: 'Lost', parentId: 'gone', position: 2 },
  ]);
  expect(tree).toEqual([
    { key: 'a', title: 'A', children: [] },
    { key: 'b', title: 'B', children: [{ key: 'b1', title: 'B1', children: [] }] },
    { key: 'lost', title: 'Lost', children: [] },
  ]);
});
