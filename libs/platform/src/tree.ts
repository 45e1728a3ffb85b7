import {
  IsNull,
  type EntityManager,
  type EntityTarget,
  type FindOptionsWhere,
  type QueryDeepPartialEntity,
} from 'typeorm';

/** What stands below another of its kind, or at the top, at its position among its siblings. */
export interface TreeNode {
  id: string;
  nameFolded: string;
  parentId: string | null;
  position: number;
  version: number;
}

/** A table whose rows form a tree, with the columns of `TreeNode`. */
export abstract class TreeRepository<Node extends TreeNode> {
  constructor(
    private readonly entity: EntityTarget<Node>,
    private readonly table: string,
  ) {}

  async find(tx: EntityManager, id: string): Promise<Node | null> {
    return tx.findOneBy(this.entity, { id } as FindOptionsWhere<Node>);
  }

  async findByName(tx: EntityManager, parentId: string | null, nameFolded: string): Promise<Node | null> {
    return tx.findOneBy(this.entity, { parentId: parentId ?? IsNull(), nameFolded } as FindOptionsWhere<Node>);
  }

  /** One change of the tree at a time: two moves that are right by themselves could make a circle. */
  async lockTree(tx: EntityManager): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`tree ${this.table}`]);
  }

  /** The place behind the last one below this parent. */
  async nextPosition(tx: EntityManager, parentId: string | null): Promise<number> {
    const [{ next }] = await tx.query<[{ next: number }]>(
      `SELECT coalesce(max(position) + 1, 0) AS next FROM ${this.table} WHERE parent_id IS NOT DISTINCT FROM $1`,
      [parentId],
    );
    return next;
  }

  /** The others from this place on move one further. */
  async makeRoom(tx: EntityManager, { id, parentId, position }: Node): Promise<void> {
    await tx.query(
      `UPDATE ${this.table} SET position = position + 1
       WHERE parent_id IS NOT DISTINCT FROM $1 AND position >= $2 AND id <> $3`,
      [parentId, position, id],
    );
  }

  /** Whether `id` is `below` itself, or stands above it. */
  async isAtOrAbove(tx: EntityManager, id: string, below: string): Promise<boolean> {
    const found = await tx.query<unknown[]>(
      `WITH RECURSIVE path AS (
         SELECT id, parent_id FROM ${this.table} WHERE id = $2
         UNION SELECT t.id, t.parent_id FROM ${this.table} t JOIN path ON t.id = path.parent_id
       )
       SELECT FROM path WHERE id = $1`,
      [id, below],
    );
    return found.length > 0;
  }

  async insert(tx: EntityManager, node: Node): Promise<void> {
    await tx.insert(this.entity, node as QueryDeepPartialEntity<Node>);
  }

  /** The version was raised by one since it was read. Tells whether nobody else was faster. */
  async save(tx: EntityManager, { id, ...columns }: Node): Promise<boolean> {
    const asRead = { id, version: columns.version - 1 } as FindOptionsWhere<Node>;
    const { affected } = await tx.update(this.entity, asRead, columns as unknown as QueryDeepPartialEntity<Node>);
    return affected === 1;
  }

  async delete(tx: EntityManager, id: string): Promise<void> {
    await tx.delete(this.entity, { id });
  }
}
