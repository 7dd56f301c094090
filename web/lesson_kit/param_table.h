// ParamTable writes a lesson's table of params down, ParamValues holds what they are.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "web/lesson_kit/lesson.h"

namespace chainrule {

/// Builds the table row by row. Each row is returned, to be told what is special about it.
class ParamTable {
 public:
  /// `Names`: anything with texts, such as the names that a manifest lists.
  template <class Names>
  ParamSpec& choice(std::string name, std::string label, std::string help, const Names& names, double initial) {
    ParamSpec& spec = number(std::move(name), std::move(label), std::move(help), ParamType::kChoice, 0.0, 0.0, initial);
    spec.choices = {names.begin(), names.end()};
    spec.maximum = static_cast<double>(spec.choices.size()) - 1.0;
    return spec;
  }
  ParamSpec& choice(std::string name, std::string label, std::string help, std::initializer_list<std::string_view> names, double initial) {
    return choice<std::initializer_list<std::string_view>>(std::move(name), std::move(label), std::move(help), names, initial);
  }
  ParamSpec& number(std::string name, std::string label, std::string help, ParamType type, double low, double high, double initial) {
    return specs_.emplace_back(ParamSpec{std::move(name), std::move(label), std::move(help), type, low, high, initial});
  }
  ParamSpec& toggle(std::string name, std::string label, std::string help, bool initial) {
    return number(std::move(name), std::move(label), std::move(help), ParamType::kSwitch, 0, 1, initial ? 1.0 : 0.0);
  }
  /// All rows so far start over.
  void all_restart() {
    for (ParamSpec& spec : specs_) spec.restarts = true;
  }
  std::vector<ParamSpec> take() { return std::move(specs_); }

 private:
  std::vector<ParamSpec> specs_;
};

/// A table and a value for each of its rows.
class ParamValues {
 public:
  explicit ParamValues(std::vector<ParamSpec> specs);

  std::span<const ParamSpec> specs() const { return specs_; }
  std::span<const double> values() const { return values_; }
  /// Requires: a row has that name.
  double operator[](std::string_view name) const;
  int whole(std::string_view name) const { return static_cast<int>((*this)[name]); }
  bool on(std::string_view name) const { return (*this)[name] != 0.0; }
  /// Requires: a row has that name, and allows the value.
  void put(std::string_view name, double value);

  /// The row that an action of kind kSet sets. Errors: another kind, no such row, a value that it does not allow.
  Result<const ParamSpec*> row_of(const Action& action) const;
  /// May these numbers, one for each row, come from outside? Errors: a sentence that names the row.
  Status check(std::span<const double> values) const;
  /// Takes those that change the model; what only the view shows stays as it is. Requires: check(values).
  void restore(std::span<const double> values);

 private:
  std::vector<ParamSpec> specs_;
  std::vector<double> values_;
};

}  // namespace chainrule
