// Any bytes are offered as a run file: what is wrong with them is told in a sentence, and what is read writes the same
// bytes. So that the checksum does not keep everything out, the fuzzer's bytes are also given a right header.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/hash.h"
#include "web/lesson_kit/run_file.h"

namespace {

void try_to_read(const std::vector<std::uint8_t>& bytes) {
  const chainrule::Result<chainrule::RunFile> run = chainrule::read_run(bytes, "a.run");
  if (!run.ok()) {
    CHECK(run.error_message().size() > 20 && run.error_message().back() == '.', run.error_message());
    return;
  }
  CHECK(chainrule::write_run(run.value()) == bytes, "it writes other bytes than it was read from");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try_to_read({data, data + size});
  chainrule::Hasher hasher;
  hasher.add(std::string_view(reinterpret_cast<const char*>(data), size));
  const std::uint64_t hash = hasher.value();
  const std::uint32_t version = 1;
  std::vector<std::uint8_t> bytes(20);
  std::memcpy(bytes.data(), "CHAINRUN", 8);
  std::memcpy(bytes.data() + 8, &version, sizeof version);
  std::memcpy(bytes.data() + 12, &hash, sizeof hash);
  bytes.insert(bytes.end(), data, data + size);
  try_to_read(bytes);
  return 0;
}
