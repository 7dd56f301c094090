// How a body with two fours of sums in a row stores them: the left four from column n on, the right four `kApart` further on.
// Requires: kApart of the body, store of an operand file.

fn store_row(m: i32, n: i32, slice: i32, left: vec4f, right: vec4f) {
  if (m >= sizes.M) { return; }
  for (var i = 0; i < 4; i++) {
    if (n + i < sizes.N) { store(m, n + i, slice, left[i]); }
    if (n + kApart + i < sizes.N) { store(m, n + kApart + i, slice, right[i]); }
  }
}
