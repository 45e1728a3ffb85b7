interface Category {
  id: string;
  name: string;
  parentId?: string;
  position: number;
}
export interface TreeNode {
  key: string;
  title: string;
  children: TreeNode[];
}

/** The categories as a tree, each level by position. One whose parent isn't there stands at the top. */
export function treeOf(categories: Category[]): TreeNode[] {
  const known = new Set(categories.map(({ id }) => id));
  const below = new Map<string, Category[]>();
  for (const category of categories) {
    const parent = category.parentId && known.has(category.parentId) ? category.parentId : '';
    below.set(parent, [...(below.get(parent) ?? []), category]);
  }
  const level = (parent: string): TreeNode[] =>
    (below.get(parent) ?? [])
      .toSorted((a, b) => a.position - b.position)
      .map(({ id, name }) => ({ key: id, title: name, children: level(id) }));
  return level('');
}
