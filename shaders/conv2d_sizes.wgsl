// What convolution and its gradients are told: the sizes of conv2d.h, and those of the product of matrices that stands for it.

struct Sizes {
  M: i32, N: i32, K: i32,  // of the product
  slice: i32,              // terms of one slice
  C: i32, H: i32, W: i32,
  R: i32, S: i32,
  P: i32, Q: i32,
  stride: i32, pad: i32, dilation: i32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
