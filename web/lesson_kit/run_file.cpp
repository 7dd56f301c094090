#include "web/lesson_kit/run_file.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "engine/base/hash.h"

namespace chainrule {
namespace {

constexpr std::string_view kMagic = "CHAINRUN";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHeader = 8 + 4 + 8;
static_assert(std::endian::native == std::endian::little, "numbers are written as they lie in memory");

std::uint64_t hash_of(std::span<const std::uint8_t> bytes) {
  Hasher hasher;
  hasher.add(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  return hasher.value();
}

/// One description of the form serves both directions: `Out` writes what it is given, `In` fills it.
class Out {
 public:
  static constexpr bool kReads = false;
  std::vector<std::uint8_t> bytes;

  void raw(const void* data, std::size_t size) {
    const auto* from = static_cast<const std::uint8_t*>(data);
    bytes.insert(bytes.end(), from, from + size);
  }
  template <class Number>
  void number(const Number& value) {
    raw(&value, sizeof value);
  }
  /// A length, then that many elements.
  template <class Length, class List>
  void length(const List& list) {
    number(static_cast<Length>(list.size()));
  }
};

class In {
 public:
  static constexpr bool kReads = true;
  explicit In(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  void fail() { ok_ = false; }
  void raw(void* data, std::size_t size) {
    ok_ = ok_ && size <= rest_.size();
    if (!ok_ || size == 0) return;
    std::memcpy(data, rest_.data(), size);
    rest_ = rest_.subspan(size);
  }
  template <class Number>
  void number(Number& value) {
    raw(&value, sizeof value);
  }
  /// No element is shorter than a byte, so a length beyond what is left is an error before memory is taken for it.
  template <class Length, class List>
  void length(List& list) {
    Length size = 0;
    number(size);
    ok_ = ok_ && size <= rest_.size();
    list.resize(ok_ ? static_cast<std::size_t>(size) : 0);
  }

 private:
  std::span<const std::uint8_t> rest_;
  bool ok_ = true;
};

template <class Form, class Length = std::uint32_t, class List>
void plain_list(Form& form, List& list) {
  form.template length<Length>(list);
  form.raw(list.data(), list.size() * sizeof(typename std::remove_const_t<List>::value_type));
}

template <class Form, class List, class Each>
void each(Form& form, List& list, Each describe) {
  form.template length<std::uint32_t>(list);
  for (auto& element : list) describe(element);
}

template <class Form, class A>
void describe_action(Form& form, A& action) {
  auto kind = static_cast<std::uint8_t>(action.kind);
  form.number(kind);
  plain_list(form, action.name);
  form.number(action.number);
  plain_list(form, action.data);
  plain_list(form, action.text);
  if constexpr (Form::kReads) {
    if (kind > static_cast<std::uint8_t>(Action::Kind::kCommand)) form.fail();
    action.kind = static_cast<Action::Kind>(kind);
  }
}

template <class Form, class B>
void describe_blob(Form& form, B& blob) {
  plain_list(form, blob.name);
  if constexpr (Form::kReads) {
    std::vector<std::uint8_t> bytes;
    plain_list<Form, std::uint64_t>(form, bytes);
    blob.bytes = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
  } else {
    plain_list<Form, std::uint64_t>(form, *blob.bytes);
  }
}

template <class Form, class Run>
void describe(Form& form, Run& run) {
  plain_list(form, run.slug);
  plain_list(form, run.address);
  form.number(run.seed);
  each(form, run.params, [&](auto& param) {
    plain_list(form, param.name);
    form.number(param.value);
  });
  each(form, run.actions, [&](auto& logged) {
    form.number(logged.step);
    if constexpr (Form::kReads) {
      Action action;
      describe_action(form, action);
      logged.action = std::make_shared<const Action>(std::move(action));
    } else {
      describe_action(form, *logged.action);
    }
  });
  each(form, run.kept, [&](auto& action) { describe_action(form, action); });
  form.number(run.step);
  form.number(run.last_step);
  form.number(run.hash);
  form.number(run.frame_step);
  plain_list<Form, std::uint64_t>(form, run.frame);
  each(form, run.files, [&](auto& received) {
    plain_list(form, received.purpose);
    each(form, received.files, [&](auto& blob) { describe_blob(form, blob); });
  });
  auto elsewhere = static_cast<std::uint8_t>(run.files_elsewhere);
  form.number(elsewhere);
  if constexpr (Form::kReads) {
    if (elsewhere > 1) form.fail();
    run.files_elsewhere = elsewhere == 1;
  }
}

}  // namespace

std::vector<std::uint8_t> write_run(const RunFile& run) {
  Out body, file;
  describe(body, run);
  file.raw(kMagic.data(), kMagic.size());
  file.number(kVersion);
  file.number(hash_of(body.bytes));
  file.bytes.insert(file.bytes.end(), body.bytes.begin(), body.bytes.end());
  return std::move(file.bytes);
}

bool is_run_file(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= kMagic.size() && std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) == 0;
}

Result<RunFile> read_run(std::span<const std::uint8_t> bytes, const std::string& name) {
  if (!is_run_file(bytes)) return Error{name + " is not a run file of Chainrule; choose one that \"Save run file\" has made."};
  if (bytes.size() < kHeader) return Error{name + " is cut off: it has " + std::to_string(bytes.size()) + " bytes, less than its header."};
  std::uint32_t version = 0;
  std::uint64_t hash = 0;
  std::memcpy(&version, bytes.data() + 8, sizeof version);
  std::memcpy(&hash, bytes.data() + 12, sizeof hash);
  if (version != kVersion)
    return Error{name + " is a run file of version " + std::to_string(version) + "; this page reads version " +
                 std::to_string(kVersion) + "."};
  const std::span<const std::uint8_t> body = bytes.subspan(kHeader);
  if (hash_of(body) != hash) return Error{name + " is damaged or cut off: its checksum does not fit. Save the run again."};
  In form(body);
  RunFile run;
  describe(form, run);
  const bool sorted = std::ranges::is_sorted(run.actions, {}, &LoggedAction::step) &&
                      (run.actions.empty() || run.actions.front().step >= 0);
  const bool ordered = 0 <= run.frame_step && run.frame_step <= run.step && run.step <= run.last_step;
  if (!form.ok() || !form.at_end() || !sorted || !ordered) return Error{name + " contradicts itself: it was not made by Chainrule."};
  return run;
}

}  // namespace chainrule
