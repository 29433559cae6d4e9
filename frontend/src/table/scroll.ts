/**
 * Where rows of one height stand in an element that scrolls. A million rows are higher than browsers can draw; then the
 * element is as high as they can, and what is small in it stands for more: near both ends, and in small movements,
 * a pixel is a pixel. In: numbers of pixels and rows. Out: the same.
 */

/** The highest that an element may be; browsers end at some ten million pixels. */
export const TALLEST = 4_000_000;
/** So close to either end a pixel is a pixel. */
const EDGE = 4_000;

export class Scroll {
  /** Of the whole element. */
  readonly height: number;
  private readonly rows: number;
  private readonly row: number;
  private readonly room: number;
  /** Where the rows would scroll to, and do. */
  private readonly far: number;
  private readonly reach: number;
  private at = 0;
  /** How many pixels of rows there are above the element. */
  private above = 0;

  /** `rows` of `row` pixels each, of which `room` pixels are seen. */
  constructor(rows: number, row: number, room: number) {
    this.rows = rows;
    this.row = row;
    this.room = room;
    this.height = Math.min(rows * row, TALLEST);
    this.far = Math.max(0, rows * row - room);
    this.reach = Math.max(0, this.height - room);
  }

  /** Somebody has scrolled to `top`; return where the element is to be instead. */
  moved(top: number): number {
    const jumps = Math.abs(top - this.at) > this.room;
    const target = jumps ? this.rowsAt(top) : top + this.above;
    const isNearEnd = top < EDGE || top > this.reach - EDGE;
    return jumps || isNearEnd ? this.place(target) : (this.at = top);
  }

  /** Go to a row, in the middle of what is seen; return where the element is to be. */
  to(row: number): number {
    return this.place(row * this.row - (this.room - this.row) / 2);
  }

  /** The first row that is seen in part, and the one behind the last; `more` on both sides. */
  range(more: number): { readonly first: number; readonly end: number } {
    const top = this.at + this.above;
    const first = Math.max(0, Math.floor(top / this.row) - more);
    return { first, end: Math.min(this.rows, Math.ceil((top + this.room) / this.row) + more) };
  }

  /** How far from the top of the element the row stands. */
  topOf(row: number): number {
    return row * this.row - this.above;
  }

  private place(target: number): number {
    const within = Math.min(Math.max(target, 0), this.far);
    this.at = this.topFor(within);
    this.above = within - this.at;
    return this.at;
  }

  private rowsAt(top: number): number {
    return between(top, this.reach, this.far);
  }

  private topFor(target: number): number {
    return between(target, this.far, this.reach);
  }
}

/** A place in a length as one in another length: the same near both ends, stretched between them. */
function between(place: number, length: number, other: number): number {
  if (length === other || place < EDGE) return Math.min(place, other);
  if (place > length - EDGE) return other - (length - place);
  return EDGE + ((place - EDGE) * (other - 2 * EDGE)) / (length - 2 * EDGE);
}
