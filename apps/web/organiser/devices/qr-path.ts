/** Light around a code, modules: what readers need (ISO/IEC 18004). */
export const QUIET = 4;

/** A QR code as an SVG path of one-module squares, in a view of `size + 2 * QUIET` modules. Rows are drawn as runs. */
export function qrPath(size: number, isDark: (row: number, column: number) => boolean): { path: string; view: number } {
  let path = '';
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (!isDark(row, column)) continue;
      const start = column;
      while (column + 1 < size && isDark(row, column + 1)) column += 1;
      const length = column + 1 - start;
      path += `M${start + QUIET} ${row + QUIET}h${length}v1h-${length}z`;
    }
  }
  return { path, view: size + 2 * QUIET };
}
