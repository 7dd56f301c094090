// Every reference kernel. A new op's file is added here and in ops.def; leaving one out does not compile.
#pragma once

#include "engine/trace/recorder.h"
// Kernels use `math` for plain numbers and argument-dependent look-up for traced ones.
#include "engine/ops/activation_ref.inl"
#include "engine/ops/average_pool_ref.inl"
#include "engine/ops/bias_ref.inl"
#include "engine/ops/concat_ref.inl"
#include "engine/ops/conv2d_ref.inl"
#include "engine/ops/elementwise_ref.inl"
#include "engine/ops/filter_ref.inl"
#include "engine/ops/float_gap_ref.inl"
#include "engine/ops/functions_ref.inl"
#include "engine/ops/layer_arithmetic_ref.inl"
#include "engine/ops/matmul_ref.inl"
#include "engine/ops/max_pool_ref.inl"
#include "engine/ops/optimizer_steps_ref.inl"
#include "engine/ops/reduce_ref.inl"
#include "engine/ops/reshape_ref.inl"
#include "engine/ops/schedule_steps_ref.inl"
#include "engine/ops/softmax_ref.inl"
#include "engine/ops/softmax_cross_entropy_ref.inl"
#include "engine/ops/squared_error_ref.inl"
