// The learning rate of a step: factors of the base rate, of one number each. The formulas and their sources are in
// engine/ops/schedule_steps.h, in the same order of operands. Tied to it by tests/shaders.

struct Sizes { count: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<f32>;
@group(0) @binding(4) var<storage, read> c: array<f32>;
@group(0) @binding(5) var<storage, read> d: array<f32>;
@group(0) @binding(6) var<storage, read> e: array<f32>;
@group(0) @binding(7) var<storage, read> f: array<f32>;
@group(0) @binding(8) var<storage, read> g: array<f32>;

// max(t − W, 0): operands t, W
@compute @workgroup_size(1)
fn time_after() { y[0] = max(a[0] - b[0], 0.0); }

// s + (1 − s) (t / W) for t < W, else 1: operands t, W, s
@compute @workgroup_size(1)
fn warm_up() { y[0] = select(1.0, c[0] + (1.0 - c[0]) * (a[0] / b[0]), a[0] < b[0]); }

// γ^⌊t / s⌋: operands t, s, γ
@compute @workgroup_size(1)
fn step_decay() { y[0] = pow_of(c[0], whole_quotient(a[0], b[0])); }

// γ^(t / s)
@compute @workgroup_size(1)
fn exponential_decay() { y[0] = pow_of(c[0], quotient(a[0], b[0])); }

// f + (1 − f) (1 + cos(π t / T)) / 2 for t < T, else f: operands t, T, f
@compute @workgroup_size(1)
fn cosine_decay() {
  y[0] = c[0];
  if (a[0] < b[0]) { y[0] = c[0] + (1.0 - c[0]) * (1.0 + cos_of(3.14159265358979 * (a[0] / b[0]))) / 2.0; }
}

// Is the loss below the least one so far, by a share of it? A loss that is NaN is not.
fn is_better(best: f32, loss: f32, threshold: f32) -> bool { return !is_nan(loss) && loss < best * (1.0 - threshold); }

// The loss where it is better, else the least one: operands least, loss, threshold
@compute @workgroup_size(1)
fn plateau_best() { y[0] = select(a[0], b[0], is_better(a[0], b[0], c[0])); }

// 0 where the loss is better or the wait was over, else n + 1: operands n, least, loss, threshold, patience
@compute @workgroup_size(1)
fn plateau_wait() { y[0] = select(a[0] + 1.0, 0.0, is_better(b[0], c[0], d[0]) || a[0] + 1.0 > e[0]); }

// factor γ where the wait was over and the loss is not better, else factor: operands factor, n, least, loss, threshold, patience, γ
@compute @workgroup_size(1)
fn plateau_factor() { y[0] = select(a[0], a[0] * g[0], b[0] + 1.0 > f[0] && !is_better(c[0], d[0], e[0])); }
