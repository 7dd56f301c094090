// Run file: a run as bytes: all that a link has no room for, and the state itself, so that it opens at once.
//
// Little-endian: "CHAINRUN", u32 version 1, u64 FNV-1a hash of the rest, then the fields of RunFile in their order.
// Texts and lists begin with their u32 length, snapshots and files with a u64 one.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "web/lesson_kit/lesson.h"

namespace chainrule {

/// The purpose of a file with a trained network: a run file of it goes to the lesson that asked, and opens no run.
inline constexpr const char* kNetworkFile = "network";

struct RunFile {
  std::string slug;
  std::string address;  // what the page's address said when this was saved; empty: not known
  std::uint64_t seed = 0;
  std::vector<ParamValue> params;   // when the run began; those of the view as they are
  std::vector<LoggedAction> actions;  // by step
  std::vector<Action> kept;
  std::int64_t step = 0, last_step = 0;
  std::uint64_t hash = 0;  // of the state at `step`
  std::int64_t frame_step = 0;  // step of `frame`: the one before `step` at the latest; 0 when there is no frame
  Snapshot frame;
  std::vector<ReceivedFiles> files;
  bool files_elsewhere = false;  // the run uses files of a person, and they are not in here
};

std::vector<std::uint8_t> write_run(const RunFile& run);

/// Reads any bytes whatever. Errors: a sentence that names `name`: no run file, of another version, cut off, damaged.
/// Ensures: actions sorted by step, 0 <= frame_step <= step <= last_step. Whether the lesson bears what is in it, the
/// Player finds out.
Result<RunFile> read_run(std::span<const std::uint8_t> bytes, const std::string& name);

/// Does it begin as a run file does?
bool is_run_file(std::span<const std::uint8_t> bytes);

}  // namespace chainrule
