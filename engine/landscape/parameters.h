// ParameterLayout: all parameters of a program as one long vector θ, the space in which a loss has its landscape.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/graph/program.h"

namespace chainrule {

/// Where each parameter lies in θ: in the order of the program, row-major.
class ParameterLayout {
 public:
  struct Block {
    std::string name;
    Shape shape;
    std::size_t begin = 0;
    std::size_t size() const { return static_cast<std::size_t>(shape.size()); }
  };

  explicit ParameterLayout(const Program& program) {
    for (const TensorId id : program.of_kind(TensorKind::kParameter)) {
      blocks_.push_back({program.info(id).name, program.info(id).shape, size_});
      size_ += blocks_.back().size();
    }
  }

  std::span<const Block> blocks() const { return blocks_; }
  std::size_t size() const { return size_; }
  /// Requires: i < size().
  const Block& block_of(std::size_t i) const {
    std::size_t block = 0;
    while (i >= blocks_[block].begin + blocks_[block].size()) ++block;
    return blocks_[block];
  }

 private:
  std::vector<Block> blocks_;
  std::size_t size_ = 0;
};

}  // namespace chainrule
