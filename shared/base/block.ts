/**
 * Columns of numbers cut from one piece of memory: where thousands of small tables are made in a row, one allocation for each table
 * instead of one for each column halves the time.
 * @returns a function that gives the next column of `rows` zeros; it may be called `columns` times
 */
export function columnBlock(rows: number, columns: number): () => Float64Array {
  const block = new Float64Array(rows * columns);
  let taken = 0;
  return () => {
    const from = taken * rows;
    if (++taken > columns) throw new Error(`A block of ${columns} columns has no column ${taken}`);
    return block.subarray(from, from + rows);
  };
}
