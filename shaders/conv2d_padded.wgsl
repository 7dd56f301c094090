// A pixel of x, or the 0 that is around the picture. Negative places are very large ones without their sign.

fn load_b(column: Column, term: Term) -> f32 {
  let inside = u32(column.y + term.z) < u32(sizes.H) && u32(column.z + term.w) < u32(sizes.W);
  return select(0.0, x[select(0, column.x + term.y, inside)], inside);
}
