// The steps of the optimizers, number by number; rates are tensors of one number. The formulas and their sources are in
// engine/ops/optimizer_steps.h, in the same order of operands. Tied to it by tests/shaders.
//
// Operands carry the names of the entries that read them: bindings of different entries may share a number.

struct Sizes { count: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read> theta: array<f32>;   // the parameter or moment that is followed
@group(0) @binding(3) var<storage, read> g: array<f32>;       // its gradient, or what stands for it
@group(0) @binding(4) var<storage, read> rate: array<f32>;    // lr, beta, rho, momentum, weight decay
@group(0) @binding(5) var<storage, read> momentum: array<f32>;


// θ′ = θ − lr g
@compute @workgroup_size(kGroup)
fn sgd_step(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = theta[i] - rate[0] * g[i];
}

// δ′ = lr g + momentum δ
@compute @workgroup_size(kGroup)
fn velocity_step(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = rate[0] * g[i] + momentum[0] * theta[i];
}

// m′ = β m + (1 − β) g
@compute @workgroup_size(kGroup)
fn moving_average(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = rate[0] * theta[i] + (1.0 - rate[0]) * g[i];
}

// v′ = β v + (1 − β) g²
@compute @workgroup_size(kGroup)
fn moving_average_of_squares(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = rate[0] * theta[i] + (1.0 - rate[0]) * (g[i] * g[i]);
}

// v′ = v + g²
@compute @workgroup_size(kGroup)
fn sum_of_squares(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = theta[i] + g[i] * g[i];
}

// c = max(v − u², 0)
@compute @workgroup_size(kGroup)
fn centred_squares(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = max(theta[i] - g[i] * g[i], 0.0);
}

// b′ = momentum b + s
@compute @workgroup_size(kGroup)
fn momentum_sum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = rate[0] * theta[i] + g[i];
}

// g + λ θ: the first operand is the gradient
@compute @workgroup_size(kGroup)
fn decayed_gradient(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = theta[i] + rate[0] * g[i];
}

@group(0) @binding(3) var<storage, read> power: array<f32>;  // βᵗ

// m / (1 − βᵗ)
@compute @workgroup_size(kGroup)
fn corrected_moment(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = theta[i] / (1.0 - power[0]);
}

// m (1 − βᵗ)
@compute @workgroup_size(kGroup)
fn multiplied_moment(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = theta[i] * (1.0 - power[0]);
}

// s = g / (√v + ε): operands g, v, ε
@compute @workgroup_size(kGroup)
fn scaled_by_root(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = theta[i] / (sqrt(g[i]) + rate[0]);
}

// θ′ = θ − lr (g + momentum b): operands θ, g, b, lr, momentum
@group(0) @binding(4) var<storage, read> b: array<f32>;
@group(0) @binding(5) var<storage, read> nesterov_rate: array<f32>;
@group(0) @binding(6) var<storage, read> nesterov_momentum: array<f32>;

@compute @workgroup_size(kGroup)
fn nesterov_step(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  y[i] = theta[i] - nesterov_rate[0] * (g[i] + nesterov_momentum[0] * b[i]);
}

// θ′ = θ − lr m̂ / (√v̂ + ε), m̂ = m / (1 − β1ᵗ), v̂ = v / (1 − β2ᵗ): operands θ, m, v, lr, β1ᵗ, β2ᵗ, ε
@group(0) @binding(3) var<storage, read> m: array<f32>;
@group(0) @binding(4) var<storage, read> v: array<f32>;
@group(0) @binding(5) var<storage, read> lr: array<f32>;
@group(0) @binding(6) var<storage, read> power1: array<f32>;
@group(0) @binding(7) var<storage, read> power2: array<f32>;
@group(0) @binding(8) var<storage, read> epsilon: array<f32>;

@compute @workgroup_size(kGroup)
fn adam_step(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = index_of(id, groups);
  if (i >= sizes.count) { return; }
  let m_hat = m[i] / (1.0 - power1[0]);
  let v_hat = v[i] / (1.0 - power2[0]);
  y[i] = theta[i] - lr[0] * m_hat / (sqrt(v_hat) + epsilon[0]);
}
