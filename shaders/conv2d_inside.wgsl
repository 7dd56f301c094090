// A pixel of x for windows that never leave the picture, as there is no padding.

fn load_b(column: Column, term: Term) -> f32 { return x[column.x + term.y]; }
