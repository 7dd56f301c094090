#include "engine/nn/initialize.h"

#include <algorithm>

#include "engine/math/rng.h"

namespace chainrule {
namespace {

void draw(const Initializer& initializer, Rng rng, std::span<float> values) {
  const float scale = initializer.scale();
  for (float& value : values) {
    switch (initializer.kind) {
      case InitializerKind::kConstant: value = scale; break;
      case InitializerKind::kHeNormal: value = scale * rng.normal(); break;
      case InitializerKind::kUniform:
      case InitializerKind::kGlorotUniform:
      case InitializerKind::kLecunUniform: value = rng.uniform(-scale, scale); break;
    }
  }
}

}  // namespace

void initialize(const Program& program, Buffers<float>& buffers, std::uint64_t seed) {
  std::uint64_t substream = 0;
  const auto current = [&](TensorId id) { return program.info(id).after == kNoTensor ? id : program.info(id).after; };
  for (const TensorId id : program.of_kind(TensorKind::kParameter))
    draw(program.info(id).initializer, Rng(seed, "init", substream++), buffers[current(id)]);
  for (const TensorId id : program.of_kind(TensorKind::kState))
    std::ranges::fill(buffers[current(id)], program.info(id).fill);
}

}  // namespace chainrule
