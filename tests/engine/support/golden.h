// Reads tests/golden/*.bin, which tools/make_goldens.py wrote; tests/golden/README.md has the format.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/tensor/shape.h"

namespace chainrule::test {

struct GoldenRecord {
  Shape shape;
  std::vector<double> numbers;  // float32 and float64 alike
  std::string text;
};

class GoldenFile {
 public:
  /// Stops the test program with a sentence if the file is missing or broken.
  explicit GoldenFile(const std::string& name);

  bool has(const std::string& record) const { return records_.contains(record); }
  const GoldenRecord& operator[](const std::string& record) const;
  /// "lr=0.1 momentum=0.9" as a map.
  std::map<std::string, std::string> settings(const std::string& record) const;
  const std::string& made_by() const { return made_by_; }

 private:
  std::string name_, made_by_;
  std::map<std::string, GoldenRecord> records_;
};

/// Reads a file's records from its bytes; false if they are not a golden file.
bool parse_golden(const std::string& bytes, std::map<std::string, GoldenRecord>& records, std::string& made_by);

/// The numbers of tools/make_goldens.py: in [0, 1), multiples of 2^-24, and in [-scale, scale) with scale a power of two.
float uniform(std::uint32_t seed, std::uint32_t index);
float filled(std::uint32_t seed, std::uint32_t index, float scale);

/// |got − wanted| / |wanted|, both as Euclidean norms; the norm of got if wanted is 0.
template <class T>
double relative_error(std::span<const T> got, const std::vector<double>& wanted);

}  // namespace chainrule::test
