/** Sums over any range of bins in constant time. */

/** Bins from `first` on, without `end`. */
export interface Range {
  readonly first: number;
  readonly end: number;
}

/** Maps a row of counts and a bin to the row that they are added to. */
export type Place = (row: number, bin: number) => number;

/** Rows of counts, each summed up from its beginning; one array, so that a brush touches little memory. */
export class Sums {
  readonly rows: number;
  private readonly width: number;
  private readonly upTo: Int32Array;

  /** Take rows of `bins` counts each; they are added to `rows` rows where `at` says so. */
  constructor(counts: readonly (readonly number[])[], bins: number, rows = counts.length, at: Place = (row) => row) {
    this.rows = rows;
    this.width = bins + 1;
    this.upTo = new Int32Array(rows * this.width);
    counts.forEach((row, index) => {
      for (let bin = 0; bin < bins; bin++) this.upTo[at(index, bin) * this.width + bin + 1]! += row[bin] ?? 0;
    });
    for (let row = 0; row < rows; row++) {
      for (let bin = 1; bin <= bins; bin++) this.upTo[row * this.width + bin]! += this.upTo[row * this.width + bin - 1]!;
    }
  }

  /** The sum of one row over `range`. */
  one(row: number, { first, end }: Range): number {
    const start = row * this.width;
    return (this.upTo[start + end] ?? 0) - (this.upTo[start + first] ?? 0);
  }

  /** The sum of each row over `range`. */
  all(range: Range): Int32Array {
    return Int32Array.from({ length: this.rows }, (_, row) => this.one(row, range));
  }
}
