// Weights file: the parameters of a trained network as float16.
//
// Little-endian: "CRWEIGHT", u32 version 1, u32 number of tensors, per tensor u32 number of elements, u64 hash of the
// values as floats, then the values as binary16 in the program's order of parameters.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/graph/program.h"

namespace chainrule {

/// `values`: the current values of program's parameters, concatenated in the order of the program.
std::vector<std::uint8_t> write_weights(const Program& program, std::span<const float> values);

/// Values rounded to float16, as `write_weights` took them. Errors: a sentence naming `name`: too short, wrong magic or
/// version, of another network, damaged.
Result<std::vector<float>> read_weights(const Program& program, std::span<const std::uint8_t> bytes, const std::string& name);

}  // namespace chainrule
