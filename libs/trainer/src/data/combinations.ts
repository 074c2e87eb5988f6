import type { Cell } from '@gan-dashboard/shared-types';
import type { Random } from '../random/random';
import { weightDrawer } from './conditions';

/** Combinations that are kept, at most: about 200 MB. */
export const mostCombinations = 1_000_000;

interface Branch {
  rows: number;
  next: Map<Cell, Branch>;
  draw?: (random: Random) => number;
  cells?: Cell[];
}

/** Combinations of cells and how many rows have each, as a tree with a level a column. */
export class CombinationTree {
  private readonly root: Branch = { rows: 0, next: new Map() };
  private leaves = 0;

  /** Number of different combinations. */
  get size(): number {
    return this.leaves;
  }

  add(cells: readonly Cell[]): void {
    let branch = this.root;
    branch.rows++;
    cells.forEach((cell, level) => {
      let next = branch.next.get(cell);
      if (!next) {
        next = { rows: 0, next: new Map() };
        branch.next.set(cell, next);
        if (level === cells.length - 1) this.leaves++;
      }
      next.rows++;
      branch = next;
    });
  }

  has(cells: readonly Cell[]): boolean {
    let branch: Branch | undefined = this.root;
    for (const cell of cells) {
      branch = branch.next.get(cell);
      if (!branch) return false;
    }
    return true;
  }

  /**
   * Makes `cells` a combination of the tree: the longest beginning that occurs stays, the cells behind it are drawn by
   * the rows that begin so.
   *
   * @returns whether a cell has changed
   */
  complete(cells: Cell[], random: Random): boolean {
    let branch = this.root;
    let isChanged = false;
    for (let level = 0; level < cells.length; level++) {
      const cell = cells[level] ?? null;
      const next = isChanged ? undefined : branch.next.get(cell);
      if (next) {
        branch = next;
        continue;
      }
      isChanged = true;
      const drawn = drawCell(branch, random);
      cells[level] = drawn;
      branch = branch.next.get(drawn) as Branch;
    }
    return isChanged;
  }
}

function drawCell(branch: Branch, random: Random): Cell {
  branch.cells ??= [...branch.next.keys()];
  branch.draw ??= weightDrawer([...branch.next.values()].map(({ rows }) => rows));
  return branch.cells[branch.draw(random)] ?? null;
}
